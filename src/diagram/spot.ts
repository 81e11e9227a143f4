import { never } from "../values/brand.ts";
import type { PortVlans } from "../guest/libvirt-attachment.ts";
import { renderVidSet } from "../values/vid.ts";
import type { AnyAttachment, Network, Segment } from "./topology.ts";

/** Where a NIC belongs, and what its card says. */
export interface Spot {
  readonly network: Omit<Network, "segments" | "uplinks">;
  readonly segment: Omit<Segment, "ports">;
  readonly lines: readonly string[];
  readonly vids: readonly number[];
}

const ofVlans = (network: Spot["network"], vlans: PortVlans): Spot =>
  vlans.kind === "access"
    ? {
        network,
        segment: { label: `VLAN ${String(vlans.vlan)}`, vid: vlans.vlan },
        lines: [],
        vids: [],
      }
    : {
        network,
        segment: { label: "trunks", vid: null },
        lines: [
          `${renderVidSet(vlans.tagged)}${vlans.native === null ? "" : ` native ${String(vlans.native)}`}`.trim(),
        ],
        vids: [...(vlans.native === null ? [] : [vlans.native]), ...vlans.tagged],
      };

const plain = (name: string, what: string, label: string): Spot => ({
  ...{ network: { name, what }, segment: { label, vid: null }, lines: [], vids: [] },
});

/** The name under which routed guests stand together. */
export const ROUTED = "routed";

/** Where a NIC of this kind belongs. */
export const spotOf = (attachment: AnyAttachment): Spot => {
  switch (attachment.kind) {
    case "access":
    case "trunk":
      return ofVlans({ name: attachment.bridge, what: "bridge that filters VLANs" }, attachment);
    case "unfiltered":
      return plain(attachment.bridge, "bridge that is itself the VLAN", "ports");
    case "ovs":
      return attachment.vlans === null
        ? plain(attachment.bridge, "Open vSwitch bridge", "all VLANs")
        : ofVlans({ name: attachment.bridge, what: "Open vSwitch bridge" }, attachment.vlans);
    case "network":
      return plain(attachment.network, "libvirt network", attachment.portgroup ?? "ports");
    case "macvtap":
      return plain(attachment.source, "macvtap on a device of the host", attachment.mode);
    case "hostdev": {
      const { vlan } = attachment;
      const spot = plain(
        "passed through",
        "functions of network cards",
        vlan === null ? "no VLAN" : `VLAN ${String(vlan)}`,
      );
      return { ...spot, segment: { ...spot.segment, vid: vlan } };
    }
    case "routed":
      return {
        ...plain(ROUTED, "host routes to taps without a bridge", "taps"),
        lines: [...attachment.addresses, ...attachment.prefixes],
      };
    default:
      return never(attachment);
  }
};
