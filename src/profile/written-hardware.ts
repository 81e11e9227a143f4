import * as v from "valibot";
import { CRASH_ACTIONS, OFF_ACTIONS, VIDEO_MODELS, WATCHDOG_ACTIONS } from "../model/hardware.ts";
import { accept, choice, count, flag, object, optional } from "./leaf.ts";
import { say } from "./say.ts";
import { line, listenAddress, machine, path, size, timezone } from "./text-leaves.ts";
import { writtenCpu, writtenVcpus } from "./written-processor.ts";

const boot = object({
  kernel: v.pipe(path, v.description("Path of the kernel on the host.")),
  initrd: optional(path, "Path of the initial RAM disk. Default: none."),
  cmdline: optional(line, "The kernel's command line. Default: empty."),
});

const switchable = <T extends v.ObjectEntries>(settings: T, keys: string) =>
  v.union([flag, object(settings)], say("wrong-type", `must be true, false, or an object with ${keys}`));

const graphics = v.union(
  [
    choice(["none", "vnc", "spice"]),
    object({
      type: choice(["vnc", "spice"]),
      listen: optional(listenAddress, "Address of the host to listen on. Default: 127.0.0.1."),
      port: optional(count(5900, 65_535), "Default: the next free one from 5900."),
    }),
  ],
  say("wrong-choice", 'must be "none", "vnc" or "spice", or an object with type, listen and port'),
);

const rngSource = accept(
  (text) => ["/dev/urandom", "/dev/random", "/dev/hwrng"].includes(text),
  say("wrong-choice", 'must be "/dev/urandom", "/dev/random" or "/dev/hwrng"'),
);

/** What the guest is made of, apart from disks and interfaces. */
export const writtenHardware = {
  memory: v.pipe(size, v.description('What the guest has: "512 MiB", "1.5 GiB".')),
  maxMemory: optional(size, "What it can grow to while it runs, by its balloon. Default: memory."),
  vcpus: optional(writtenVcpus, "A number, or count, max, topology and pinning. Default: 1."),
  cpu: optional(
    writtenCpu,
    "Default: host-passthrough, for identical hosts; where virtType is qemu, maximum.",
  ),
  machine: optional(
    machine,
    "q35, or a version of it such as pc-q35-7.2. Default: q35, the newest at define.",
  ),
  firmware: optional(
    choice(["bios", "uefi", "uefi-secure"]),
    "uefi-secure is Secure Boot with keys. Default: bios.",
  ),
  boot: optional(boot, "Direct boot of a kernel on the host. Default: from the disks."),
  iothreads: optional(
    count(0, 64),
    "Threads that serve the virtio disks, in turn. Default: 1 when there is such a disk.",
  ),
  console: optional(flag, "A serial console, which virsh console opens. Default: true."),
  graphics: optional(graphics, "Default: none. vnc and spice listen on 127.0.0.1."),
  video: optional(choice(VIDEO_MODELS), "Default: virtio beside graphics, else none."),
  tpm: optional(
    switchable({ model: optional(choice(["tpm-crb", "tpm-tis"]), "Default: tpm-crb.") }, "model"),
    "An emulated TPM 2.0; the host needs swtpm. Default: false.",
  ),
  watchdog: optional(
    switchable({ action: optional(choice(WATCHDOG_ACTIONS), "Default: reset.") }, "action"),
    "An i6300esb watchdog for the guest to keep fed. Default: false.",
  ),
  rng: optional(
    switchable({ source: optional(rngSource, "Device of the host. Default: /dev/urandom.") }, "source"),
    "A virtio random number generator. Default: true.",
  ),
  agent: optional(flag, "A channel for the QEMU guest agent. Default: true."),
  balloon: optional(flag, "A memory balloon that gives free pages back to the host. Default: true."),
  clock: optional(timezone, "utc, localtime, or a time zone such as Europe/Berlin. Default: utc."),
  onPoweroff: optional(choice(OFF_ACTIONS), "Default: destroy."),
  onReboot: optional(choice(OFF_ACTIONS), "Default: restart."),
  onCrash: optional(choice(CRASH_ACTIONS), "What a panic of the guest's kernel does. Default: restart."),
  hotplugPorts: optional(count(0, 24), "PCIe root ports left free for devices added later. Default: 4."),
};
