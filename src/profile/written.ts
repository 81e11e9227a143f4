import * as v from "valibot";
import { choice, object, optional } from "./leaf.ts";
import { say } from "./say.ts";
import { guestName, line, templatePath, text, uuid } from "./text-leaves.ts";
import { writtenCloudInit } from "./written-cloud-init.ts";
import { writtenCdrom, writtenDisk } from "./written-disk.ts";
import { writtenHardware } from "./written-hardware.ts";
import { writtenInterface } from "./written-interface.ts";

/** A guest as a person writes it: shorthands, almost everything optional. What is left out gets its value in normalize.ts. */
export const writtenProfile = object({
  $schema: optional(line, "The JSON Schema, for completion in editors."),
  name: v.pipe(guestName, v.description("1–63 letters, digits, dots, dashes or underscores.")),
  uuid: optional(uuid, "Default: derived from the name."),
  title: optional(line, "One line. Default: none."),
  description: optional(text, "Default: none."),
  virtType: optional(choice(["kvm", "qemu"]), "qemu emulates where there is no KVM. Default: kvm."),
  template: optional(
    templatePath,
    "Domain XML to complete, relative to this file. What the profile does not speak of stays. Default: our own.",
  ),
  ...writtenHardware,
  disks: optional(v.array(writtenDisk, say("wrong-type", "must be a list of disks")), "Default: none."),
  cdroms: optional(
    v.array(writtenCdrom, say("wrong-type", "must be a list of CD-ROM drives")),
    "CD-ROM drives, each a path or an object. Default: none.",
  ),
  interfaces: optional(
    v.array(writtenInterface, say("wrong-type", "must be a list of interfaces")),
    "Network interfaces. Default: none.",
  ),
  cloudInit: optional(
    writtenCloudInit,
    "What the guest itself is told: see genxml cloud-init. Default: nothing of its own.",
  ),
});

export type WrittenProfile = v.InferOutput<typeof writtenProfile>;
