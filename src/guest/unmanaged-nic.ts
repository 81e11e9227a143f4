import type { Mac } from "../values/mac.ts";
import type { IfName } from "../values/names.ts";
import { type PortVlans, vlansText } from "./port-vlans.ts";

/** A NIC without metadata of guestnet: libvirt alone attaches it, and nothing of it is checked. */
export interface UnmanagedNic {
  readonly mac: Mac;
  /** Its device on the host; a function that is passed through has none. */
  readonly tap: IfName | null;
  /** A profile's word for it (`bridge`, `ovs`, `network`, `macvtap`, `hostdev`), or libvirt's where a profile has none. */
  readonly kind: string;
  /** The bridge, network or device that it is on. */
  readonly on: string | null;
  /** Its own `<vlan>`; portgroups of a network are not resolved. */
  readonly vlans: PortVlans | null;
}

/** Returns how it is attached and its VLANs: `ovs ovsbr0` and `20`, `macvtap enp3s0` and nothing. */
export const describeUnmanaged = ({
  kind,
  on,
  vlans,
}: UnmanagedNic): { readonly kind: string; readonly place: string } => ({
  kind: on === null ? kind : `${kind} ${on}`,
  place: vlans === null ? "" : vlansText(vlans),
});
