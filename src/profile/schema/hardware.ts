import * as v from "valibot";
import { CPU_MODES, CPU_POLICIES, CRASH_ACTIONS, OFF_ACTIONS, VIDEO_MODELS, WATCHDOG_ACTIONS } from "../../guest/hardware.ts";
import { choice, count, list, match, object, optional, required, expects, flag } from "../../text/schema.ts";
import { line, listenAddress, machine, path, size, clock } from "./strings.ts";

const vcpuCount = count(1, 512);

const cpuSet = match(
  /^[0-9]{1,4}(-[0-9]{1,4})?(,\^?[0-9]{1,4}(-[0-9]{1,4})?)*$/,
  expects("cpu-set", 'must be a set of host CPUs such as "4", "0-3" or "0-7,^2"'),
);

const topology = object({
  sockets: optional(vcpuCount, "Sockets of the guest.", 1),
  cores: required(vcpuCount, "Cores of each socket."),
  threads: optional(count(1, 8), "Threads of each core.", 1),
});

export const writtenVcpus = v.union(
  [
    vcpuCount,
    object({
      count: required(vcpuCount, "How many the guest has when it starts."),
      max: optional(vcpuCount, "How many it can get while it runs: virsh setvcpus. Default: count."),
      topology: optional(
        topology,
        "Sockets, cores and threads; their product is max. Default: one socket of max cores.",
      ),
      pinning: optional(
        v.union(
          [cpuSet, list(cpuSet)],
          expects("cpu-set", "must be a set of host CPUs, or a list with one for each vCPU"),
        ),
        "Host CPUs: one set for all vCPUs, or a list with one set for each. Default: all host CPUs.",
      ),
    }),
  ],
  expects("count", "must be a whole number from 1 to 512, or an object with count, max, topology and pinning"),
);

const modelRule = expects(
  "wrong-choice",
  `must be ${CPU_MODES.map((m) => `"${m}"`).join(" or ")}, or a model such as "EPYC-Rome"`,
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

export const writtenCpu = v.union(
  [
    cpuModel,
    object({
      model: optional(
        cpuModel,
        "host-passthrough, host-model, maximum, or a model that all hosts have. Default: host-passthrough; maximum where virtType is qemu.",
      ),
      features: optional(
        v.record(featureName, choice(CPU_POLICIES), expects("wrong-type", "must be an object of CPU features")),
        'CPU features, each with its policy: { "vmx": "disable" }. Default: those of the model.',
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
  cmdline: optional(line, "The kernel's command line. Default: empty."),
});

const switchable = <T extends v.ObjectEntries>(settings: T, keys: string) =>
  v.union([flag, object(settings)], expects("wrong-type", `must be true, false, or an object with ${keys}`));

const graphics = v.union(
  [
    choice(["none", "vnc", "spice"]),
    object({
      type: required(choice(["vnc", "spice"]), "The protocol."),
      listen: optional(listenAddress, "Address of the host to listen on. Default: 127.0.0.1."),
      port: optional(count(5900, 65_535), "The port to listen on. Default: the next free one from 5900."),
    }),
  ],
  expects("wrong-choice", 'must be "none", "vnc" or "spice", or an object with type, listen and port'),
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
    "Virtual CPUs: a number, or an object with count, max, topology and pinning.", 1,
  ),
  cpu: optional(
    writtenCpu,
    "host-passthrough is for one host or identical ones; name a model for guests that migrate between different ones. Default: host-passthrough; maximum where virtType is qemu.",
  ),
  machine: optional(
    machine,
    "q35, the newest one at define, or a version of it such as pc-q35-7.2.", "q35",
  ),
  firmware: optional(
    choice(["bios", "uefi", "uefi-secure"]),
    "What starts the guest; uefi-secure is Secure Boot with keys enrolled.", "bios",
  ),
  boot: optional(
    boot,
    "Direct boot: a kernel on the host that QEMU starts without firmware and boot loader. Default: from the disks.",
  ),
  iothreads: optional(
    count(0, 64),
    "Threads that serve the virtio disks, in turn. Default: 1 where there is such a disk, else none.",
  ),
  console: optional(flag, "A serial console, which virsh console opens.", true),
  graphics: optional(
    graphics,
    "none, or vnc or spice on 127.0.0.1, or an object with type, listen and port.", "none",
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
          "The interface that the guest sees.", "tpm-crb",
        ),
      },
      "model",
    ),
    "An emulated TPM 2.0; the host needs swtpm.", false,
  ),
  watchdog: optional(
    switchable(
      {
        action: optional(
          choice(WATCHDOG_ACTIONS),
          "What happens to a guest that does not feed it.", "reset",
        ),
      },
      "action",
    ),
    "An i6300esb watchdog for the guest to keep fed.", false,
  ),
  rng: optional(
    switchable(
      {
        source: optional(
          choice(["/dev/urandom", "/dev/random", "/dev/hwrng"]),
          "The host's device.", "/dev/urandom",
        ),
      },
      "source",
    ),
    "A virtio random number generator.", true,
  ),
  agent: optional(flag, "A channel for the QEMU guest agent.", true),
  balloon: optional(flag, "A virtio balloon that gives free pages back to the host.", true),
  clock: optional(clock, "utc, localtime, or a time zone such as Europe/Berlin.", "utc"),
  onPoweroff: optional(
    choice(OFF_ACTIONS),
    "What happens when the guest switches itself off.", "destroy",
  ),
  onReboot: optional(choice(OFF_ACTIONS), "What happens when the guest reboots.", "restart"),
  onCrash: optional(choice(CRASH_ACTIONS), "What happens when the guest's kernel panics.", "restart"),
  hotplugPorts: optional(count(0, 24), "PCIe root ports left free for devices added later.", 4),
};
