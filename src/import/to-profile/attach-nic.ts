import { never } from "../../values/brand.ts";
import { MACVTAP_MODES } from "../../guest/libvirt-attachment.ts";
import { parseIfName } from "../../values/names.ts";
import type { Account } from "../report/account.ts";
import { attachRouted } from "./attach-routed.ts";
import { type BridgeMap, mapBridge } from "./bridge-map.ts";
import { sayPort, toPort } from "./ports.ts";
import type { SourceNic } from "../source-guest.ts";
import type { WrittenNic } from "./written-nic.ts";

const onBridge = (
  { attachment, attachmentAt: at }: SourceNic & { attachment: { kind: "bridge" | "ovs" } },
  map: BridgeMap,
  unmapped: string[],
  account: Account,
): WrittenNic | null => {
  const { bridge, vlans, kind } = attachment;
  const mapped = mapBridge(map, bridge);
  if (mapped !== null) {
    const port = mapped.vlan === null ? vlans : { native: mapped.vlan, tagged: [] };
    const both = mapped.vlan !== null && vlans !== null;
    account.changed(
      at,
      `bridge ${mapped.bridge}, ${port === null ? "which is itself the VLAN" : sayPort(port)}${both ? " (and not the VLANs that the file says)" : ""}`,
      both ? "person" : "note",
    );
    return {
      type: "bridge",
      bridge: mapped.bridge,
      ...(port === null ? { filtering: false } : toPort(port)),
    };
  }
  if (parseIfName(bridge) === null) {
    account.dropped(
      at,
      `${JSON.stringify(bridge)} can be no bridge's name on Linux: say with --bridge-map where the NIC belongs`,
      "person",
    );
    return null;
  }
  if (kind === "ovs") {
    const port = vlans === null ? "with all VLANs" : sayPort(vlans);
    account.taken(
      at,
      `Open vSwitch bridge ${bridge}, ${port}; --bridge-map can move it to a VLAN-filtering bridge`,
    );
    return { type: "ovs", bridge, ...(vlans === null ? { filtering: false } : toPort(vlans)) };
  }
  if (vlans !== null) {
    account.taken(at, `bridge ${bridge}, ${sayPort(vlans)}`);
    return { type: "bridge", bridge, ...toPort(vlans) };
  }
  unmapped.push(bridge);
  const assumed =
    at.path.at(-1) === "bridge" || at.path.includes("source") ? "" : " (the default: the file names none)";
  account.taken(
    at,
    `bridge ${bridge}${assumed}, which is taken to be itself the VLAN: map it, or have a bridge of that name`,
    "step",
  );
  return { type: "bridge", bridge, filtering: false };
};

/** How the NIC meets the network on the new host; null when only a person can say. */
export const attachNic = (
  nic: SourceNic,
  map: BridgeMap,
  unmapped: string[],
  used: Set<string>,
  account: Account,
): WrittenNic | null => {
  const { attachment, attachmentAt: at } = nic;
  switch (attachment.kind) {
    case "bridge":
    case "ovs":
      return onBridge({ ...nic, attachment }, map, unmapped, account);
    case "routed":
      return attachRouted(nic, attachment.addresses, used, account);
    case "nat":
      account.changed(
        at,
        "libvirt's network default, which does NAT as well; the guest's address comes from its DHCP",
        "person",
      );
      return { type: "network", network: "default" };
    case "macvtap": {
      const mode = MACVTAP_MODES.find((known) => known === attachment.mode);
      if (parseIfName(attachment.source) === null || mode === undefined) {
        account.dropped(
          at,
          "a macvtap on no device that Linux can have: add the NIC to the profile",
          "person",
        );
        return null;
      }
      account.taken(at, `a macvtap on ${attachment.source}: it has to be the new host's device`, "step");
      return { type: "macvtap", source: attachment.source, mode };
    }
    case "network": {
      const { network, portgroup } = attachment;
      account.taken(at, `libvirt network ${network}: it has to be on the new host`, "step");
      return { type: "network", network, ...(portgroup === null ? {} : { portgroup }) };
    }
    case "other": {
      account.changed(
        at,
        `${attachment.what} is not Xen's own and is never run; taken as a bridge: see what it did`,
        "person",
      );
      return onBridge(
        { ...nic, attachment: { kind: "bridge", bridge: attachment.bridge, vlans: null } },
        map,
        unmapped,
        account,
      );
    }
    default:
      return never(attachment);
  }
};
