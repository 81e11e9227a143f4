import type { BridgeAttachment } from "../../guest/attachment.ts";
import type { PortGuard, PortPolicy } from "../../guest/port-policy.ts";
import { type BridgeNic, macsOf } from "../../guest/nic.ts";
import { familyOf, linkLocalOf, toInteger } from "../../values/address.ts";
import { never } from "../../values/brand.ts";
import { isVirtualRouter, type Mac } from "../../values/mac.ts";
import type { IfName } from "../../values/names.ts";
import type { Desired } from "../facts/desired.ts";
import type { Fact } from "../facts/fact.ts";
import type { GuardSet } from "../facts/filter/guard.ts";
import { guardRulesFact } from "../facts/filter/guard-rules.ts";
import { GUARD_GROUP, LEARNING_GROUPS } from "../facts/port/port-group.ts";
import type { PortVlanFact } from "../facts/port/port-vlan.ts";
import { NO_SCOPE, type Trunking } from "../facts/scope.ts";

const vlansOf = (port: IfName, attachment: BridgeAttachment): readonly PortVlanFact[] => {
  switch (attachment.kind) {
    case "access":
      return [{ kind: "port-vlan", port, vid: attachment.vlan, pvid: true, untagged: true }];
    case "trunk": {
      const tagged = attachment.tagged.map((vid): PortVlanFact => ({
        kind: "port-vlan",
        port,
        vid,
        pvid: false,
        untagged: false,
      }));
      // Without a native VLAN the port has no PVID, and the bridge drops untagged frames.
      return attachment.native === null
        ? tagged
        : [{ kind: "port-vlan", port, vid: attachment.native, pvid: true, untagged: true }, ...tagged];
    }
    default:
      return never(attachment);
  }
};

const trunkingOf = (attachment: BridgeAttachment, present: boolean): readonly Trunking[] => {
  const { bridge, policy } = attachment;
  if (policy.uplinks === null) return [];
  const { ports: uplinks, mode } = policy.uplinks;
  const vids =
    attachment.kind === "access" ? [attachment.vlan] : [attachment.native ?? [], attachment.tagged].flat();
  return [{ bridge, uplinks, mode, vids, present }];
};

/**
 * Returns whether a MAC address of the guest moves between ports. The bridge has one forwarding entry for it in each VLAN, so a static one
 * would keep it here while another guest answers for it.
 */
export const isShared = ({ antispoof, macs }: PortPolicy): boolean => antispoof && macs.some(isVirtualRouter);

/** The MAC addresses that nftables lets in by a port that is not locked. */
export const macSources = (port: IfName, macs: readonly Mac[]): readonly Fact[] =>
  macs.map((mac): Fact => ({ kind: "guard", port, set: "mac-sources", element: mac }));

/** Returns the interface group by which the rules know a port; null for one that they let through. */
export const groupOf = (policy: PortPolicy): number | null => {
  if (isShared(policy)) return policy.guard === null ? LEARNING_GROUPS.plain : LEARNING_GROUPS.guarded;
  return policy.guard === null ? null : GUARD_GROUP;
};

/**
 * The port's guest may use only these addresses, in ARP and neighbour discovery as well, in any VLAN. Its link-local
 * addresses are those of its MAC addresses; another has to be among its addresses.
 */
const guardFacts = (port: IfName, macs: readonly Mac[], guard: PortGuard): readonly Fact[] => {
  const { services } = guard;
  const addresses = [...new Set(guard.addresses.map(({ address }) => address))];
  const inSet = (set: GuardSet, element = ""): Fact => ({ kind: "guard", port, set, element });
  const ipv4 = addresses.filter((address) => familyOf(address) === "ipv4");
  const ipv6 = addresses.filter((address) => familyOf(address) === "ipv6");
  const own = [...new Set([...ipv6, ...macs.map(linkLocalOf)])];
  return [
    ...(services.includes("router") ? [inSet("routers")] : []),
    ...(services.includes("dhcp") ? [inSet("dhcp-servers")] : []),
    ...ipv4.flatMap((address) => [
      ...macs.map((mac) => inSet("arp-senders", `${mac} . ${address}`)),
      inSet("ipv4-sources", address),
    ]),
    ...own.flatMap((address) => [inSet("ipv6-sources", address), inSet("nd-targets", toInteger(address))]),
  ];
};

const filterFacts = (nic: BridgeNic): readonly Fact[] => {
  const { tap: port, attachment } = nic;
  const { policy } = attachment;
  const [group, macs] = [groupOf(policy), macsOf(nic)];
  if (group === null) return [];
  return [
    guardRulesFact,
    { kind: "port-group", port, group },
    ...(isShared(policy) ? macSources(port, macs) : []),
    ...(policy.guard === null ? [] : guardFacts(port, macs, policy.guard)),
  ];
};

/**
 * A guest's port of a VLAN-filtering bridge: exactly its VLANs, independent of the bridge's default PVID, and, unless
 * switched off, frames from the guest's own MAC addresses alone.
 */
export const desiredBridgePort = (nic: BridgeNic): Desired => {
  const { tap: port, attachment } = nic;
  const { bridge, policy } = attachment;
  const locked = policy.antispoof && !isShared(policy);
  const vlans = vlansOf(port, attachment);
  // The host itself is no neighbour of the guest on this port: no link-local address, no MLD, no router solicitation.
  const settings = [
    { kind: "sysctl", name: `net/ipv6/conf/${port}/disable_ipv6`, value: "1" },
    { kind: "sysctl", name: `net/ipv6/conf/${port}/accept_ra`, value: "0" },
  ] as const;
  const facts: Fact[] = [
    ...vlans,
    { kind: "port-flag", port, flag: "isolated", on: policy.isolated },
    // A locked port drops every frame whose source has no entry in the forwarding database for this port, and
    // as it does not learn, the static entries below are all there is (bridge(8), "locked").
    { kind: "port-flag", port, flag: "learning", on: !locked },
    { kind: "port-flag", port, flag: "locked", on: locked },
    // A guest is no switch: with STP on the bridge it neither becomes the root nor speaks at all (bridge(8), "guard").
    { kind: "port-flag", port, flag: "guard", on: policy.antispoof },
    { kind: "port-flag", port, flag: "root_block", on: policy.antispoof },
    ...settings,
    ...filterFacts(nic),
    ...(isShared(policy) ? [{ kind: "link-local-learning", bridge, on: false } as const] : []),
  ];
  // Sticky: one frame of the guest's address that is forged or reflected on an uplink would cut the guest off otherwise, for its
  // entry would be on the uplink then, and the locked port let nothing in.
  if (policy.antispoof)
    for (const mac of macsOf(nic).filter((one) => !isVirtualRouter(one)))
      for (const { vid } of vlans) facts.push({ kind: "fdb", port, mac, vid, sticky: true });
  return {
    facts,
    demands: [
      { kind: "bridge", tap: port, bridge },
      { kind: "vlan-filtering", tap: port, bridge },
      { kind: "port-of", tap: port, bridge },
      { kind: "no-vlan-device", tap: port, bridge, vids: vlans.map(({ vid }) => vid) },
      ...(locked ? [{ kind: "lockable", tap: port } as const] : []),
    ],
    scope: {
      ...NO_SCOPE,
      learningBridges: isShared(policy) ? [bridge] : [],
      links: [port, bridge],
      ports: [port],
      sysctls: settings.map(({ name }) => name),
      guards: [port],
      trunkings: trunkingOf(attachment, true),
      bridges: [bridge],
    },
  };
};

/**
 * Remains of a port after the guest has stopped: the tap is gone, other facts about it are not.
 *
 * @param learned whether the bridge learned its MAC address, which nftables checked then
 */
export const desiredNoPort = ({ tap, attachment }: BridgeNic, learned: boolean): Desired => ({
  facts: [],
  demands: [],
  scope: {
    ...NO_SCOPE,
    guards: groupOf(attachment.policy) === null && !learned ? [] : [tap],
    trunkings: trunkingOf(attachment, false),
  },
});

/**
 * Before libvirt has created the tap: the bridge exists. libvirt itself would report only that it cannot
 * read the MTU of a device.
 */
export const desiredBridge = ({ tap, attachment: { bridge } }: BridgeNic): Desired => ({
  facts: [],
  demands: [{ kind: "bridge", tap, bridge }],
  scope: { ...NO_SCOPE, links: [bridge] },
});
