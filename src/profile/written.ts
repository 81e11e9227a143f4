import * as v from "valibot";
import { choice, count, flag, list, object } from "./leaf.ts";
import {
  bridgeName,
  gateway,
  hostAddress,
  mac,
  network,
  tapName,
  trunkItem,
  vlanId,
} from "./network-leaves.ts";
import { say } from "./say.ts";
import { diskTarget, guestName, line, path, size, text, uuid } from "./text-leaves.ts";

/** What every interface may have, however it is attached. */
const anyInterface = {
  mac: v.optional(mac),
  model: v.optional(choice(["virtio", "e1000e"])),
  tap: v.optional(tapName),
  mtu: v.optional(count(576, 65_521)),
  queues: v.optional(count(1, 256)),
  antispoof: v.optional(flag),
};

const bridgeInterface = object({
  type: v.literal("bridge"),
  bridge: bridgeName,
  vlan: v.optional(vlanId),
  trunk: v.optional(list(trunkItem)),
  native: v.optional(vlanId),
  isolated: v.optional(flag),
  ...anyInterface,
});

const routedInterface = object({
  type: v.literal("routed"),
  addresses: list(hostAddress),
  prefixes: v.optional(v.array(network, say("wrong-type", "must be a list of networks"))),
  gateway: v.optional(gateway),
  ...anyInterface,
});

const disk = object({
  source: path,
  target: v.optional(diskTarget),
  bus: v.optional(choice(["virtio", "scsi", "sata"])),
  format: v.optional(choice(["raw", "qcow2"])),
  readonly: v.optional(flag),
  serial: v.optional(line),
});

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
  disks: v.optional(v.array(disk, say("wrong-type", "must be a list of disks"))),
  interfaces: v.optional(
    v.array(
      v.variant(
        "type",
        [bridgeInterface, routedInterface],
        say("wrong-choice", 'must be "bridge" or "routed"'),
      ),
      say("wrong-type", "must be a list of interfaces"),
    ),
  ),
});

export type WrittenProfile = v.InferOutput<typeof writtenProfile>;
export type WrittenInterface = NonNullable<WrittenProfile["interfaces"]>[number];
