import type { Attachment } from "../../guest/attachment.ts";
import type { Nic, NicOf } from "../../guest/nic.ts";
import type { Desired } from "../facts/desired.ts";
import { desireOfBridgeNic } from "./bridge-nic.ts";
import type { DesireOf, Occasion, Operation } from "./operation.ts";
import { desireOfRoutedNic } from "./routed-nic.ts";

/** Of each kind of attachment, what it desires: a new kind is a file, and a line here. */
const DESIRES = {
  access: desireOfBridgeNic,
  trunk: desireOfBridgeNic,
  routed: desireOfRoutedNic,
} satisfies { readonly [K in Attachment["kind"]]: DesireOf<Extract<Attachment, { readonly kind: K }>> };

/** Returns what should hold for a NIC once the operation is through; null when the operation is nothing to it. */
export const desiredAt = (operation: Operation, nic: Nic, occasion: Occasion): Desired | null => {
  // Each kind of NIC finds its own.
  const desireOf = DESIRES[nic.attachment.kind] as (
    operation: Operation,
    nic: NicOf<Attachment>,
    occasion: Occasion,
  ) => Desired | null;
  return desireOf(operation, nic, occasion);
};
