import type { IfName } from "../values/names.ts";

/** What is left to do once a guest that arrives runs here: a text for each tool, made before anybody waits. */
export interface Settling {
  readonly taps: readonly IfName[];
  /** At once: the neighbours here send to the port in all its VLANs. */
  readonly bridge: string;
  /** A while later, when QEMU has announced the guest for the last time: the port is as that of any other guest. */
  readonly tc: string;
  readonly ip: string;
  readonly nft: string;
}

/** What whoever waits for the guest is told. */
export interface Settler extends Settling {
  readonly guest: string;
  /** A file that is removed at the end. */
  readonly marker: string;
}
