import * as v from "valibot";
import { choice, object, optional, required, expects } from "../../text/schema.ts";
import { guestName, line, templatePath, text, title, uuid } from "./strings.ts";
import { writtenCloudInit } from "./cloud-init.ts";
import { writtenCdrom, writtenDisk, writtenHostDevice } from "./devices.ts";
import { writtenHardware } from "./hardware.ts";
import { writtenPeripherals, writtenPlatform } from "./platform.ts";
import { writtenInterface } from "./interface.ts";

/** A guest as a person writes it: shorthands, almost everything optional. normalize.ts fills in the defaults. */
export const writtenProfile = object({
  $schema: optional(
    line,
    "Path or URL of guest.schema.json, for completion in editors; genxml ignores it. Default: none.",
  ),
  name: required(
    guestName,
    "Name of the guest and its domain: up to 240 bytes of printable text without /. No dot or dash can be first, and no blank first or last. For its agent, libvirt 9.0 needs the first 20 characters within 34 bytes.",
  ),
  uuid: optional(uuid, "UUID of the domain. Default: derived from the name."),
  title: optional(title, "Short title for lists of guests, on one line. Default: none."),
  description: optional(text, "Description; may contain line breaks. Default: none."),
  virtType: optional(choice(["kvm", "qemu"]), "Type of virtualization. qemu emulates the CPU on hosts without KVM.", "kvm"),
  template: optional(
    templatePath,
    "Path of a base domain XML, relative to this file. Values that the profile does not set stay as they are there. Default: a built-in template.",
  ),
  ...writtenPlatform,
  ...writtenHardware,
  ...writtenPeripherals,
  disks: optional(
    v.array(writtenDisk, expects("wrong-type", "must be a list of disks")),
    "Disks of the guest, in order. Default: none.",
  ),
  cdroms: optional(
    v.array(writtenCdrom, expects("wrong-type", "must be a list of CD-ROM drives")),
    "CD-ROM drives, in order: the path of an image, or an object. Default: none.",
  ),
  hostDevices: optional(
    v.array(writtenHostDevice, expects("wrong-type", "must be a list of host devices")),
    "PCI and USB devices of the host, passed to the guest. Default: none.",
  ),
  interfaces: optional(
    v.array(writtenInterface, expects("wrong-type", "must be a list of interfaces")),
    "Network interfaces of the guest, in order. Default: none.",
  ),
  cloudInit: optional(
    writtenCloudInit,
    "Settings for genxml cloud-init, in addition to the addresses of the interfaces. Default: none.",
  ),
});

/** A profile as written in a file. */
export type ProfileText = v.InferInput<typeof writtenProfile>;
export type WrittenProfile = v.InferOutput<typeof writtenProfile>;
