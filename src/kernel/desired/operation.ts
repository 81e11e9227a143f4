import type { Attachment } from "../../guest/attachment.ts";
import type { NicOf } from "../../guest/nic.ts";
import type { Arrival } from "../../move/arrival.ts";
import type { Uuid } from "../../values/names.ts";
import type { Desired } from "../facts/desired.ts";

/** The operations of libvirt's qemu hook that require something of the host. */
export type Operation = "prepare" | "start" | "reconnect" | "release";

/** What a desire depends on beside the NIC. */
export interface Occasion {
  /** Whose NIC it is. */
  readonly guest: Uuid;
  /** How far the guest is on its way to this host. */
  readonly arrival: Arrival;
  /** Whether a daemon finds the addresses behind other hosts for the NIC's bridge. */
  readonly evpn: boolean;
}

/** Returns what should hold for NICs of one kind of attachment once an operation is through; null when it is nothing to them. */
export type DesireOf<A extends Attachment> = (
  operation: Operation,
  nic: NicOf<A>,
  occasion: Occasion,
) => Desired | null;
