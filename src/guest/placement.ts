import { type PortVlans, vlansText } from "./port-vlans.ts";

/** The place of a NIC in a diagram, and the text of its card. */
export interface Placement {
  /** A bridge, the host's routing, or what libvirt or the network card sees to. */
  readonly network: { readonly name: string; readonly what: string };
  /** A VLAN, or the trunks of a bridge. */
  readonly segment: { readonly label: string; readonly vid: number | null };
  readonly lines: readonly string[];
  readonly vids: readonly number[];
}

/** Returns the place of a port of a bridge that has VLANs. */
export const placedByVlans = (network: Placement["network"], vlans: PortVlans): Placement =>
  vlans.kind === "access"
    ? { network, segment: { label: `VLAN ${String(vlans.vlan)}`, vid: vlans.vlan }, lines: [], vids: [] }
    : {
        network,
        segment: { label: "trunks", vid: null },
        lines: [vlansText(vlans)],
        vids: [...(vlans.native === null ? [] : [vlans.native]), ...vlans.tagged],
      };

/** Returns a place without a VLAN. */
export const placedPlainly = (name: string, what: string, label: string): Placement => ({
  ...{ network: { name, what }, segment: { label, vid: null }, lines: [], vids: [] },
});
