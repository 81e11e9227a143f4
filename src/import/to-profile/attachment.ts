import { renderRange, toRanges, toVid, vidSet } from "../../values/vid.ts";
import type { SourceVlans, SourceNic } from "../source-guest.ts";
import { parseAddress } from "../../values/address.ts";
import { isUnroutable, readPrefix } from "../../values/address-range.ts";
import type { Report } from "../report/report.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";
import { never } from "../../values/brand.ts";
import { MACVTAP_MODES } from "../../guest/libvirt-attachment.ts";
import { parseDevice } from "../../values/names.ts";
import { type BridgeMap, mapBridge } from "./bridge-map.ts";

/** An interface as written in a profile. */
export type WrittenNic = NonNullable<ProfileText["interfaces"]>[number];
export type WrittenBridgeNic = Extract<WrittenNic, { type: "bridge" }>;

/** `[30, "100-199"]`, as a profile writes VLANs. */
const toTrunk = (vids: readonly number[]): (number | string)[] =>
  toRanges(vidSet(vids.flatMap((vid) => toVid(vid) ?? []))).map((range) =>
    range.first === range.last ? range.first : renderRange(range),
  );

/** Returns the VLANs of the port, as keys of a profile. */
export const toPort = ({
  native,
  tagged,
}: SourceVlans): { vlan: number } | { trunk: (number | string)[]; native?: number } => {
  if (native !== null && tagged.length === 0) return { vlan: native };
  return { trunk: toTrunk(tagged), ...(native === null ? {} : { native }) };
};

/** `10`, or `trunk 30,100-199`. */
export const portText = (vlans: SourceVlans): string =>
  vlans.tagged.length === 0
    ? `VLAN ${vlans.native ?? 0}`
    : `tagged VLANs ${toTrunk(vlans.tagged).join(", ")}${vlans.native === null ? "" : `, native VLAN ${vlans.native}`}`;

/** vif-route: a tap of its own, with host routes to the addresses of `ip=`; null where it has none. */
const attachRouted = (nic: SourceNic, used: Set<string>, report: Report): WrittenNic | null => {
  const at = nic.addresses ?? nic.attachmentAt;
  const texts = nic.addresses?.value ?? [];
  const addresses: string[] = [];
  const prefixes: string[] = [];
  for (const text of texts) {
    const [host = ""] = text.split("/");
    const address = parseAddress(host);
    const read = readPrefix(text);
    const wide = read.kind === "prefix" && read.length < (text.includes(":") ? 128 : 32) && read.length > 0;
    const known =
      address !== null && !isUnroutable(address) && (read.kind !== "not-a-prefix" || !text.includes("/"));
    const canonical = wide ? read.prefix : (address ?? "");
    if (!known) report.unknown({ ...at, found: text }, "not an address for a guest", "person");
    else if (used.has(canonical)) report.dropped({ ...at, found: text }, "duplicate address");
    else {
      used.add(canonical);
      if (read.kind === "host-bits")
        report.changed(
          { ...at, found: text },
          `only the address ${address}: bits are set after the prefix length`,
          "step",
        );
      if (wide) prefixes.push(canonical);
      else addresses.push(canonical);
    }
  }
  const family = (text: string): boolean => text.includes(":");
  const lonely = prefixes.filter(
    (prefix) => !addresses.some((address) => family(address) === family(prefix)),
  );
  for (const prefix of lonely)
    report.dropped(
      { ...at, found: prefix },
      "a network is routed via an address of the guest of the same family, and there is none",
      "person",
    );
  if (addresses.length === 0) {
    report.dropped(
      at,
      "vif-route without an address of the guest: add the NIC with an address to the profile",
      "person",
    );
    return null;
  }
  const kept = prefixes.filter((prefix) => !lonely.includes(prefix));
  report.taken(
    at,
    `a routed NIC with ${[...addresses, ...kept].join(", ")}; its gateways are fe80::1 and 169.254.0.1`,
    "step",
  );
  return { type: "routed", addresses, ...(kept.length === 0 ? {} : { prefixes: kept }) };
};

const onBridge = (
  { attachment, attachmentAt: at }: SourceNic & { attachment: { kind: "bridge" | "ovs" } },
  map: BridgeMap,
  unmapped: string[],
  report: Report,
): WrittenNic | null => {
  const { bridge, vlans, kind } = attachment;
  const mapped = mapBridge(map, bridge);
  if (mapped !== null) {
    // A rule's VLAN is for NICs in a single VLAN; a trunk would lose all its others.
    const isTrunk = vlans !== null && vlans.tagged.length > 0;
    const port = mapped.vlan === null || isTrunk ? vlans : { native: mapped.vlan, tagged: [] };
    const both = mapped.vlan !== null && vlans !== null;
    const other = isTrunk
      ? ` (instead of VLAN ${mapped.vlan} of the rule)`
      : " (instead of the VLANs in the file)";
    report.changed(
      at,
      `bridge ${mapped.bridge}, ${port === null ? "a per-VLAN bridge" : portText(port)}${both ? other : ""}`,
      both ? "person" : "note",
    );
    return {
      type: "bridge",
      bridge: mapped.bridge,
      ...(port === null ? { filtering: false } : toPort(port)),
    };
  }
  if (parseDevice(bridge) === null) {
    report.dropped(
      at,
      `${JSON.stringify(bridge)} is not a bridge name that libvirt takes: map it with --bridge-map`,
      "person",
    );
    return null;
  }
  if (kind === "ovs") {
    const port = vlans === null ? "with all VLANs" : portText(vlans);
    report.taken(
      at,
      `Open vSwitch bridge ${bridge}, ${port}; --bridge-map can move it to a VLAN-aware bridge`,
    );
    return { type: "ovs", bridge, ...(vlans === null ? { filtering: false } : toPort(vlans)) };
  }
  if (vlans !== null) {
    report.taken(at, `bridge ${bridge}, ${portText(vlans)}`);
    return { type: "bridge", bridge, ...toPort(vlans) };
  }
  unmapped.push(bridge);
  const assumed = at.path.at(-1) === "bridge" || at.path.includes("source") ? "" : " (the default)";
  report.taken(
    at,
    `bridge ${bridge}${assumed}, treated as a per-VLAN bridge: map it, or create a bridge of that name`,
    "step",
  );
  return { type: "bridge", bridge, filtering: false };
};

/** Returns the attachment of the NIC on the new host; null if only a person can decide. */
export const attachNic = (
  nic: SourceNic,
  map: BridgeMap,
  unmapped: string[],
  used: Set<string>,
  report: Report,
): WrittenNic | null => {
  const { attachment, attachmentAt: at } = nic;
  switch (attachment.kind) {
    case "bridge":
    case "ovs":
      return onBridge({ ...nic, attachment }, map, unmapped, report);
    case "routed":
      return attachRouted(nic, used, report);
    case "nat": {
      const routed =
        nic.addresses === null || nic.addresses.value.length === 0 ? null : attachRouted(nic, used, report);
      if (routed?.type === "routed") {
        report.task(
          "host",
          `vif-nat hid the guest behind the host's address; the profile routes ${routed.addresses.join(", ")} to it. Route these addresses to the host upstream, or masquerade them in the host's firewall (\`nft add rule inet nat postrouting ip saddr … oifname … masquerade\`).`,
          "person",
          "its network used NAT (vif-nat)",
        );
        return routed;
      }
      report.changed(
        at,
        "libvirt's network default, which also does NAT; the guest gets its address by DHCP",
        "person",
      );
      return { type: "network", network: "default" };
    }
    case "macvtap": {
      const mode = MACVTAP_MODES.find((known) => known === attachment.mode);
      if (parseDevice(attachment.source) === null || mode === undefined) {
        report.dropped(at, "a macvtap on an invalid device name: add the NIC to the profile", "person");
        return null;
      }
      report.taken(at, `a macvtap on ${attachment.source}: set the device of the new host`, "step");
      return { type: "macvtap", source: attachment.source, mode };
    }
    case "network": {
      const { network, portgroup } = attachment;
      report.taken(at, `libvirt network ${network}: it must exist on the new host`, "step");
      return { type: "network", network, ...(portgroup === null ? {} : { portgroup }) };
    }
    case "other": {
      const script = nic.words.find(({ path }) => path.at(-1) === "script") ?? { ...nic, found: "" };
      report.changed(
        script,
        `${attachment.what} is a custom script, which is never run; treated as a bridge: check its purpose`,
        "person",
      );
      return onBridge(
        { ...nic, attachment: { kind: "bridge", bridge: attachment.bridge, vlans: null } },
        map,
        unmapped,
        report,
      );
    }
    default:
      return never(attachment);
  }
};
