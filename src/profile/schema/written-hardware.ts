import * as v from "valibot";
import { CRASH_ACTIONS, OFF_ACTIONS, VIDEO_MODELS, WATCHDOG_ACTIONS } from "../../guest/hardware.ts";
import { choice, count, flag, object, optional, required } from "../../text/leaf.ts";
import { say } from "../../text/say.ts";
import { line, listenAddress, machine, path, size, clock } from "./text-leaves.ts";
import { writtenCpu, writtenVcpus } from "./written-processor.ts";

const boot = object({
  kernel: required(path, "Absolute path of the kernel on the host."),
  initrd: optional(path, "Absolute path of the initial RAM disk on the host. Default: none."),
  cmdline: optional(line, "The kernel's command line. Default: empty."),
});

const switchable = <T extends v.ObjectEntries>(settings: T, keys: string) =>
  v.union([flag, object(settings)], say("wrong-type", `must be true, false, or an object with ${keys}`));

const graphics = v.union(
  [
    choice(["none", "vnc", "spice"]),
    object({
      type: required(choice(["vnc", "spice"]), "The protocol."),
      listen: optional(listenAddress, "Address of the host to listen on. Default: 127.0.0.1."),
      port: optional(count(5900, 65_535), "The port to listen on. Default: the next free one from 5900."),
    }),
  ],
  say("wrong-choice", 'must be "none", "vnc" or "spice", or an object with type, listen and port'),
);

/** What the guest is made of, apart from disks and interfaces. */
export const writtenHardware = {
  memory: required(size, 'What the guest has, with its unit: "512 MiB", "1.5 GiB".'),
  maxMemory: optional(
    size,
    "What it can grow to while it runs, by its balloon: virsh setmem. Default: memory.",
  ),
  vcpus: optional(
    writtenVcpus,
    "Virtual CPUs: a number, or an object with count, max, topology and pinning. Default: 1.",
  ),
  cpu: optional(
    writtenCpu,
    "host-passthrough is for one host or identical ones; name a model for guests that migrate between different ones. Default: host-passthrough; maximum where virtType is qemu.",
  ),
  machine: optional(
    machine,
    "q35, or a version of it such as pc-q35-7.2. Default: q35, the newest one at define.",
  ),
  firmware: optional(
    choice(["bios", "uefi", "uefi-secure"]),
    "What starts the guest; uefi-secure is Secure Boot with keys enrolled. Default: bios.",
  ),
  boot: optional(
    boot,
    "Direct boot: a kernel on the host that QEMU starts without firmware and boot loader. Default: from the disks.",
  ),
  iothreads: optional(
    count(0, 64),
    "Threads that serve the virtio disks, in turn. Default: 1 where there is such a disk, else none.",
  ),
  console: optional(flag, "A serial console, which virsh console opens. Default: true."),
  graphics: optional(
    graphics,
    "none, or vnc or spice on 127.0.0.1, or an object with type, listen and port. Default: none.",
  ),
  video: optional(
    choice(VIDEO_MODELS),
    "The guest's graphics card. Default: virtio where there are graphics, else none.",
  ),
  tpm: optional(
    switchable(
      {
        model: optional(
          choice(["tpm-crb", "tpm-tis"]),
          "The interface that the guest sees. Default: tpm-crb.",
        ),
      },
      "model",
    ),
    "An emulated TPM 2.0; the host needs swtpm. Default: false.",
  ),
  watchdog: optional(
    switchable(
      {
        action: optional(
          choice(WATCHDOG_ACTIONS),
          "What happens to a guest that does not feed it. Default: reset.",
        ),
      },
      "action",
    ),
    "An i6300esb watchdog for the guest to keep fed. Default: false.",
  ),
  rng: optional(
    switchable(
      {
        source: optional(
          choice(["/dev/urandom", "/dev/random", "/dev/hwrng"]),
          "The host's device. Default: /dev/urandom.",
        ),
      },
      "source",
    ),
    "A virtio random number generator. Default: true.",
  ),
  agent: optional(flag, "A channel for the QEMU guest agent. Default: true."),
  balloon: optional(flag, "A virtio balloon that gives free pages back to the host. Default: true."),
  clock: optional(clock, "utc, localtime, or a time zone such as Europe/Berlin. Default: utc."),
  onPoweroff: optional(
    choice(OFF_ACTIONS),
    "What happens when the guest switches itself off. Default: destroy.",
  ),
  onReboot: optional(choice(OFF_ACTIONS), "What happens when the guest reboots. Default: restart."),
  onCrash: optional(choice(CRASH_ACTIONS), "What happens when the guest's kernel panics. Default: restart."),
  hotplugPorts: optional(count(0, 24), "PCIe root ports left free for devices added later. Default: 4."),
};
