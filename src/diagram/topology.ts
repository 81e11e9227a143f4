import { type Attachment, attachmentKind, isHooked } from "../guest/attachment.ts";
import type { HostdevAttachment, TapAttachment } from "../guest/libvirt-attachment.ts";
import { ROUTED } from "../guest/kinds/routed.ts";
import { type Placement, placedByVlans, placedPlainly } from "../guest/placement.ts";
import { never } from "../values/brand.ts";

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
export interface PlacedPort extends Port {
  readonly lines: readonly string[];
  /** VLANs to show the colours of. */
  readonly vids: readonly number[];
}

/** Ports that reach each other, or of the same kind: a VLAN, or the trunks of a bridge. */
export interface DiagramSegment {
  readonly label: string;
  readonly vid: number | null;
  readonly ports: readonly PlacedPort[];
}

/** A bridge, the host's routing, or what libvirt or the network card sees to. */
export interface Network {
  readonly name: string;
  readonly what: string;
  readonly uplinks: readonly string[];
  readonly segments: readonly DiagramSegment[];
}

/** dns2 comes before dns10. */
const { compare: text } = new Intl.Collator("en", { numeric: true });

/** VLANs in the order of their numbers, then what has none. */
const bySegment = (a: DiagramSegment, b: DiagramSegment): number =>
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
  const networks = new Map<string, { head: Placement["network"]; segments: Map<string, DiagramSegment> }>();
  for (const port of [...ports].sort(byGuest)) {
    const { network: head, segment, lines, vids } = placementOf(port.attachment);
    const key = `${head.what} ${head.name}`;
    const network = networks.get(key) ?? { head, segments: new Map<string, DiagramSegment>() };
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

/** Returns the network of a NIC of this kind. */
const placementOf = (attachment: AnyAttachment): Placement => {
  if (isHooked(attachment)) return attachmentKind(attachment).placement(attachment);
  switch (attachment.kind) {
    case "unfiltered":
      return placedPlainly(attachment.bridge, "per-VLAN bridge", "ports");
    case "ovs":
      return attachment.vlans === null
        ? placedPlainly(attachment.bridge, "Open vSwitch bridge", "all VLANs")
        : placedByVlans({ name: attachment.bridge, what: "Open vSwitch bridge" }, attachment.vlans);
    case "network":
      return placedPlainly(attachment.network, "libvirt network", attachment.portgroup ?? "ports");
    case "macvtap":
      return placedPlainly(attachment.source, "macvtap on a host device", attachment.mode);
    case "hostdev": {
      const { vlan } = attachment;
      const label = vlan === null ? "no VLAN" : `VLAN ${String(vlan)}`;
      const place = placedPlainly("passthrough", "functions of network cards", label);
      return { ...place, segment: { ...place.segment, vid: vlan } };
    }
    default:
      return never(attachment);
  }
};
