import type { Attachment } from "../guest/attachment.ts";
import type { HostdevAttachment, TapAttachment, PortVlans } from "../guest/libvirt-attachment.ts";
import { never } from "../values/brand.ts";
import { renderVidSet } from "../values/vid.ts";

export type AnyAttachment = Attachment | TapAttachment | HostdevAttachment;

/** One NIC of a guest, as a diagram has it. */
export interface Port {
  readonly guest: string;
  /** Its tap, or what else tells it from the guest's other NICs. */
  readonly nic: string;
  readonly attachment: AnyAttachment;
  /** Drift and errors; empty in a diagram of profiles. */
  readonly wrong: readonly string[];
}

/** A port in its place: what is written on its card below the name. */
export interface Placed extends Port {
  readonly lines: readonly string[];
  /** VLANs to show the colours of. */
  readonly vids: readonly number[];
}

/** Ports that reach each other, or of the same kind: a VLAN, or the trunks of a bridge. */
export interface Segment {
  readonly label: string;
  readonly vid: number | null;
  readonly ports: readonly Placed[];
}

/** A bridge, the host's routing, or what libvirt or the network card sees to. */
export interface Network {
  readonly name: string;
  readonly what: string;
  readonly uplinks: readonly string[];
  readonly segments: readonly Segment[];
}

/** dns2 comes before dns10. */
const { compare: text } = new Intl.Collator("en", { numeric: true });

/** VLANs in the order of their numbers, then what has none. */
const bySegment = (a: Segment, b: Segment): number =>
  (a.vid ?? 5000) - (b.vid ?? 5000) || text(a.label, b.label);
const byGuest = (a: Port, b: Port): number => text(a.guest, b.guest) || text(a.nic, b.nic);

/**
 * Who is connected to what: the same ports always come in the same order, however they were given.
 *
 * @param uplinks of each network by its name; `routed` for the devices that routed guests are reached through
 */
export const toNetworks = (
  ports: readonly Port[],
  uplinks: ReadonlyMap<string, readonly string[]>,
): readonly Network[] => {
  const networks = new Map<string, { head: Placement["network"]; segments: Map<string, Segment> }>();
  for (const port of [...ports].sort(byGuest)) {
    const { network: head, segment, lines, vids } = placementOf(port.attachment);
    const key = `${head.what} ${head.name}`;
    const network = networks.get(key) ?? { head, segments: new Map<string, Segment>() };
    networks.set(key, network);
    const known = network.segments.get(segment.label)?.ports ?? [];
    network.segments.set(segment.label, { ...segment, ports: [...known, { ...port, lines, vids }] });
  }
  return [...networks.values()]
    .map(({ head, segments }) => ({
      ...head,
      uplinks: [...(uplinks.get(head.name) ?? [])].sort(text),
      segments: [...segments.values()].sort(bySegment),
    }))
    .sort((a, b) => Number(a.name === ROUTED) - Number(b.name === ROUTED) || text(a.name, b.name));
};

/** Where a NIC belongs, and what its card says. */
export interface Placement {
  readonly network: Omit<Network, "segments" | "uplinks">;
  readonly segment: Omit<Segment, "ports">;
  readonly lines: readonly string[];
  readonly vids: readonly number[];
}

const ofVlans = (network: Placement["network"], vlans: PortVlans): Placement =>
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

const plain = (name: string, what: string, label: string): Placement => ({
  ...{ network: { name, what }, segment: { label, vid: null }, lines: [], vids: [] },
});

/** The name under which routed guests stand together. */
export const ROUTED = "routed";

/** Where a NIC of this kind belongs. */
export const placementOf = (attachment: AnyAttachment): Placement => {
  switch (attachment.kind) {
    case "access":
    case "trunk":
      return ofVlans({ name: attachment.bridge, what: "VLAN-aware bridge" }, attachment);
    case "unfiltered":
      return plain(attachment.bridge, "per-VLAN bridge", "ports");
    case "ovs":
      return attachment.vlans === null
        ? plain(attachment.bridge, "Open vSwitch bridge", "all VLANs")
        : ofVlans({ name: attachment.bridge, what: "Open vSwitch bridge" }, attachment.vlans);
    case "network":
      return plain(attachment.network, "libvirt network", attachment.portgroup ?? "ports");
    case "macvtap":
      return plain(attachment.source, "macvtap on a host device", attachment.mode);
    case "hostdev": {
      const { vlan } = attachment;
      const spot = plain(
        "passthrough",
        "functions of network cards",
        vlan === null ? "no VLAN" : `VLAN ${String(vlan)}`,
      );
      return { ...spot, segment: { ...spot.segment, vid: vlan } };
    }
    case "routed":
      return {
        ...plain(ROUTED, "host routes to routed NICs", "taps"),
        lines: [...attachment.addresses, ...attachment.prefixes],
      };
    default:
      return never(attachment);
  }
};
