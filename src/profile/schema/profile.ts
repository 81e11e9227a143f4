import * as v from "valibot";
import { choice, object, optional, required, expects } from "../../text/schema.ts";
import { guestName, line, templatePath, text, uuid } from "./strings.ts";
import { writtenCloudInit } from "./cloud-init.ts";
import { writtenCdrom, writtenDisk, writtenHostDevice } from "./devices.ts";
import { writtenHardware } from "./hardware.ts";
import { writtenInterface } from "./interface.ts";

/** A guest as a person writes it: shorthands, almost everything optional. What is left out gets its value in normalize.ts. */
export const writtenProfile = object({
  $schema: optional(
    line,
    "Path or URL of guest.schema.json, for completion in editors; genxml does not read it. Default: none.",
  ),
  name: required(
    guestName,
    "The guest's name, and libvirt's: 1 to 63 letters, digits, dots, dashes or underscores, the first a letter or digit.",
  ),
  uuid: optional(uuid, "The domain's UUID. Default: derived from the name."),
  title: optional(line, "What lists of guests show, on one line. Default: none."),
  description: optional(text, "What the guest is for; may have line breaks. Default: none."),
  virtType: optional(choice(["kvm", "qemu"]), "qemu emulates the CPU where there is no KVM.", "kvm"),
  template: optional(
    templatePath,
    "Domain XML of your own to complete, relative to this file: what the profile does not speak of stays as it is there, whatever is the default here. Default: our own.",
  ),
  ...writtenHardware,
  disks: optional(
    v.array(writtenDisk, expects("wrong-type", "must be a list of disks")),
    "The guest's disks, in order. Default: none.",
  ),
  cdroms: optional(
    v.array(writtenCdrom, expects("wrong-type", "must be a list of CD-ROM drives")),
    "CD-ROM drives, in order: each the path of an image, or an object. Default: none.",
  ),
  hostDevices: optional(
    v.array(writtenHostDevice, expects("wrong-type", "must be a list of host devices")),
    "PCI and USB devices of the host that the guest drives itself. Default: none.",
  ),
  interfaces: optional(
    v.array(writtenInterface, expects("wrong-type", "must be a list of interfaces")),
    "The guest's network interfaces, in order. Default: none.",
  ),
  cloudInit: optional(
    writtenCloudInit,
    "What genxml cloud-init tells the guest, beside the addresses of its interfaces. Default: nothing of its own.",
  ),
});

/** A profile as it stands in a file, for whoever writes one. */
export type ProfileText = v.InferInput<typeof writtenProfile>;
export type WrittenProfile = v.InferOutput<typeof writtenProfile>;
