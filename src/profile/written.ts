import * as v from "valibot";
import { choice, count, object } from "./leaf.ts";
import { say } from "./say.ts";
import { guestName, line, path, size, text, uuid } from "./text-leaves.ts";
import { writtenDisk } from "./written-disk.ts";
import { writtenInterface } from "./written-interface.ts";

const boot = object({ kernel: path, initrd: v.optional(path), cmdline: v.optional(line) });

/** A guest as a person writes it: shorthands, almost everything optional. What is left out gets its value in normalize.ts. */
export const writtenProfile = object({
  $schema: v.optional(line),
  name: guestName,
  uuid: v.optional(uuid),
  title: v.optional(line),
  description: v.optional(text),
  virtType: v.optional(choice(["kvm", "qemu"])),
  memory: size,
  vcpus: v.optional(count(1, 512)),
  firmware: v.optional(choice(["bios", "uefi", "uefi-secure"])),
  boot: v.optional(boot),
  disks: v.optional(v.array(writtenDisk, say("wrong-type", "must be a list of disks"))),
  interfaces: v.optional(v.array(writtenInterface, say("wrong-type", "must be a list of interfaces"))),
});

export type WrittenProfile = v.InferOutput<typeof writtenProfile>;
