import * as v from "valibot";
import { CPU_MODES, CPU_POLICIES, CRASH_ACTIONS, OFF_ACTIONS, VIDEO_MODELS, WATCHDOG_ACTIONS } from "../../guest/hardware.ts";
import { choice, count, list, match, object, oneOf, optional, required, expects, flag } from "../../text/schema.ts";
import { isCpuSet } from "../../values/cpu-set.ts";
import { line, listenAddress, machine, path, size, clock } from "./strings.ts";

const vcpuCount = count(1, 512);

const cpuSetRule = expects("cpu-set", 'must be a set of host CPUs such as "4", "0-3" or "0-7,^2"');
const cpuSet = v.pipe(
  match(/^[0-9]{1,4}(-[0-9]{1,4})?(,(\^[0-9]{1,4}|[0-9]{1,4}(-[0-9]{1,4})?))*$/, cpuSetRule),
  v.check(isCpuSet, cpuSetRule),
);

const topology = object({
  sockets: optional(vcpuCount, "Number of sockets.", 1),
  cores: required(vcpuCount, "Cores per socket."),
  threads: optional(count(1, 8), "Threads per core.", 1),
});

const writtenVcpus = v.union(
  [
    vcpuCount,
    object({
      count: required(vcpuCount, "Number of vCPUs at start."),
      max: optional(vcpuCount, "Maximum number of vCPUs, for virsh setvcpus. Default: count."),
      topology: optional(
        topology,
        "Sockets, cores and threads; their product must be max. Default: one socket with max cores.",
      ),
      pinning: optional(
        v.union(
          [cpuSet, list(cpuSet)],
          expects("cpu-set", "must be a set of host CPUs, or a list with one set per vCPU"),
        ),
        "Host CPUs: one set for all vCPUs, or a list with one set per vCPU. Default: all host CPUs.",
      ),
    }),
  ],
  expects("count", "must be a whole number from 1 to 512, or an object with count, max, topology and pinning"),
);

const modelRule = expects(
  "wrong-choice",
  `must be ${oneOf(CPU_MODES)}, or a model such as "EPYC-Rome"`,
);
// What only looks like a mode is rather a slip than a model.
const cpuModel = v.union(
  [v.picklist(CPU_MODES, modelRule), match(/^(?!host|max)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, modelRule)],
  modelRule,
);
const featureName = match(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  expects("text", 'must be the name of a CPU feature such as "vmx"'),
);

const writtenCpu = v.union(
  [
    cpuModel,
    object({
      model: optional(
        cpuModel,
        "host-passthrough, host-model, maximum, or a model that all hosts support. Default: host-passthrough; maximum if virtType is qemu.",
      ),
      features: optional(
        v.record(featureName, choice(CPU_POLICIES), expects("wrong-type", "must be an object of CPU features")),
        'CPU features, each with a policy: { "vmx": "disable" }. Default: the features of the model.',
      ),
    }),
  ],
  expects(
    "wrong-choice",
    'must be a CPU such as "host-passthrough" or "EPYC-Rome", or an object with model and features',
  ),
);
export type WrittenVcpus = v.InferOutput<typeof writtenVcpus>;
export type WrittenCpu = v.InferOutput<typeof writtenCpu>;

const boot = object({
  kernel: required(path, "Absolute path of the kernel on the host."),
  initrd: optional(path, "Absolute path of the initial RAM disk on the host. Default: none."),
  cmdline: optional(line, "Kernel command line. Default: empty."),
});

const switchable = <T extends v.ObjectEntries>(settings: T, keys: string) =>
  v.union([flag, object(settings)], expects("wrong-type", `must be true, false, or an object with ${keys}`));

const graphics = v.union(
  [
    choice(["none", "vnc", "spice"]),
    object({
      type: required(choice(["vnc", "spice"]), "Protocol of the display."),
      listen: optional(listenAddress, "Host address to listen on. Default: 127.0.0.1."),
      port: optional(count(5900, 65_535), "TCP port to listen on. Default: the next free port from 5900."),
    }),
  ],
  expects("wrong-choice", 'must be "none", "vnc" or "spice", or an object with type, listen and port'),
);

/** The guest's hardware, without disks and interfaces. */
export const writtenHardware = {
  memory: required(size, 'Memory at start, with a unit: "512 MiB", "1.5 GiB".'),
  maxMemory: optional(
    size,
    "Maximum memory, reached with the balloon by virsh setmem. Default: memory.",
  ),
  vcpus: optional(
    writtenVcpus,
    "Virtual CPUs: a number, or an object with count, max, topology and pinning.", 1,
  ),
  cpu: optional(
    writtenCpu,
    "CPU mode or model. host-passthrough requires identical hosts; use a model to migrate between different hosts. Default: host-passthrough; maximum if virtType is qemu.",
  ),
  machine: optional(
    machine,
    "Machine type: q35, pc (i440fx) or virt, the newest version when defined, or a version such as pc-q35-7.2. Default: q35; virt for aarch64.",
  ),
  firmware: optional(
    choice(["bios", "uefi", "uefi-secure"]),
    "Firmware. uefi-secure is Secure Boot with enrolled keys. Default: bios; uefi for aarch64, uefi-secure for Windows 11.",
  ),
  boot: optional(
    boot,
    "Direct boot of a kernel on the host, without firmware and boot loader. Default: boot from the disks.",
  ),
  iothreads: optional(
    count(0, 64),
    "I/O threads, assigned to the virtio disks in turn. Default: 1 if there is a virtio disk, otherwise none.",
  ),
  console: optional(flag, "Whether the guest has a serial console (virsh console).", true),
  graphics: optional(
    graphics,
    "Graphical display: none, vnc or spice on 127.0.0.1, or an object with type, listen and port. Default: none; vnc for Windows, openbsd and other.",
  ),
  video: optional(
    choice(VIDEO_MODELS),
    "Video card. Default: virtio if graphics is set, otherwise none; vga for Windows, openbsd and other.",
  ),
  tpm: optional(
    switchable(
      {
        model: optional(
          choice(["tpm-crb", "tpm-tis"]),
          "Model of the TPM. Default: tpm-crb; tpm-tis for aarch64.",
        ),
      },
      "model",
    ),
    "Emulated TPM 2.0. The host requires swtpm. Default: false; true for Windows 11.",
  ),
  watchdog: optional(
    switchable(
      {
        action: optional(
          choice(WATCHDOG_ACTIONS),
          "Action when the guest stops serving the watchdog.", "reset",
        ),
      },
      "action",
    ),
    "Emulated i6300esb watchdog.", false,
  ),
  rng: optional(
    switchable(
      {
        source: optional(
          choice(["/dev/urandom", "/dev/random", "/dev/hwrng"]),
          "Entropy source on the host.", "/dev/urandom",
        ),
      },
      "source",
    ),
    "Virtio random number generator.", true,
  ),
  agent: optional(flag, "Whether the guest has a channel for the QEMU guest agent.", true),
  balloon: optional(flag, "Whether the guest has a virtio balloon, which returns free pages to the host.", true),
  clock: optional(
    clock,
    "Hardware clock: utc, localtime, or a time zone such as Europe/Berlin. Default: utc; localtime for Windows.",
  ),
  onPoweroff: optional(
    choice(OFF_ACTIONS),
    "Action when the guest powers off.", "destroy",
  ),
  onReboot: optional(choice(OFF_ACTIONS), "Action when the guest reboots.", "restart"),
  onCrash: optional(choice(CRASH_ACTIONS), "Action when the guest's kernel panics.", "restart"),
  hotplugPorts: optional(count(0, 24), "Number of free PCIe root ports, for devices added later.", 4),
};
