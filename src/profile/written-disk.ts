import * as v from "valibot";
import { choice, flag, object } from "./leaf.ts";
import { diskTarget, line, path } from "./text-leaves.ts";

/** One disk. */
export const writtenDisk = object({
  source: path,
  target: v.optional(diskTarget),
  bus: v.optional(choice(["virtio", "scsi", "sata"])),
  format: v.optional(choice(["raw", "qcow2"])),
  readonly: v.optional(flag),
  serial: v.optional(line),
});
export type WrittenDisk = v.InferOutput<typeof writtenDisk>;
