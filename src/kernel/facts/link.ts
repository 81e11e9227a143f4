import type { IfName } from "../../values/names.ts";

/** A network device as `ip -d -j link` shows it, as far as somebody here asks. */
export interface Link {
  readonly name: IfName;
  /** `bridge`, `tun`, `veth`, `vlan` …; null for a physical device. */
  readonly kind: string | null;
  readonly master: string | null;
  readonly alias: string | null;
  readonly mac: string;
  readonly group: number;
  readonly mtu: number;
  readonly up: boolean;
  readonly tap: { readonly multiQueue: boolean } | null;
  /** Of a VRF the number of its table. */
  readonly vrf: { readonly table: number } | null;
  readonly bridge: { readonly vlanFiltering: boolean; readonly defaultPvid: number } | null;
}

export type Links = ReadonlyMap<IfName, Link>;
