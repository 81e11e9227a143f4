import * as v from "valibot";
import {
  ARCHITECTURES,
  HYPERV_FEATURES,
  INPUT_BUSES,
  INPUT_TYPES,
  NUMA_MODES,
  SOUND_MODELS,
  SYSTEMS,
} from "../../guest/platform.ts";
import { choice, count, expects, flag, list, match, object, oneOf, optional, read, required } from "../../text/schema.ts";
import { isCpuSet } from "../../values/cpu-set.ts";
import { listenAddress, path, size } from "./strings.ts";

const toCpuSet = (text: string): string | null => (isCpuSet(text) ? text : null);

const cpus = read(
  toCpuSet,
  /^[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*$/,
  expects("cpu-set", 'must be vCPUs of the guest such as "0-3" or "0-3,8"'),
);
const nodes = read(
  toCpuSet,
  /^[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*$/,
  expects("cpu-set", 'must be NUMA nodes of the host such as "0" or "0-1"'),
);

const cell = object({
  cpus: required(cpus, "vCPUs of the cell, such as 0-3."),
  memory: required(size, "Memory of the cell. All cells together have maxMemory."),
  nodes: optional(nodes, "NUMA nodes of the host for its memory. Default: the host chooses."),
});

const numa = object({
  nodes: optional(nodes, "NUMA nodes of the host for the guest's memory. Default: the host chooses."),
  mode: optional(
    choice(NUMA_MODES),
    "How the host keeps to nodes: strict fails where they have no memory left.", "strict",
  ),
  cells: optional(list(cell), "NUMA nodes that the guest sees. Default: none."),
});

const hugepageRule = expects("size", 'must be true, false, or a page size of the host such as "2 MiB" or "1 GiB"');
const hypervRule = expects("wrong-choice", `must be true, false, or a list of ${oneOf(HYPERV_FEATURES)}`);

/** Where and how QEMU runs the guest. */
export const writtenPlatform = {
  os: optional(
    choice(SYSTEMS),
    "System of the guest, which chooses the defaults of other keys. Default: as for linux.",
  ),
  arch: optional(
    choice(ARCHITECTURES),
    "Architecture of the processor. aarch64 is the machine virt, with UEFI.", "x86_64",
  ),
  hyperv: optional(
    v.union([flag, v.pipe(v.array(v.picklist(HYPERV_FEATURES, hypervRule), hypervRule), v.minLength(1, hypervRule))], hypervRule),
    "Interfaces of Hyper-V, which make Windows faster: true for the usual ones, or a list. Default: false; true for Windows on KVM.",
  ),
  hugepages: optional(
    v.union([flag, size], hugepageRule),
    "Whether the memory is in huge pages, of the host's default size or of this one. The host must have reserved them.", false,
  ),
  numa: optional(numa, "NUMA nodes of the host and of the guest. Default: the host chooses."),
};

const inputRule = expects("wrong-choice", `must be ${oneOf(INPUT_TYPES)}, or an object with type and bus`);
const input = v.union(
  [
    v.picklist(INPUT_TYPES, inputRule),
    object({
      type: required(choice(INPUT_TYPES), "Kind of device."),
      bus: optional(choice(INPUT_BUSES), "Bus of the device.", "usb"),
    }),
  ],
  inputRule,
);

const filesystem = object({
  source: required(path, "Directory on the host."),
  target: required(
    match(
      /^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff/]{1,35}$/u,
      expects("text", "must be a name of 1 to 35 characters, without slashes"),
    ),
    "Name by which the guest mounts it: mount -t virtiofs NAME /mnt.",
  ),
});

const pty = object({ type: required(v.literal("pty"), "A terminal of the host (pts).") });
const file = object({
  type: required(v.literal("file"), "A file that receives the guest's output."),
  path: required(path, "Path of the file."),
});
const unix = object({
  type: required(v.literal("unix"), "A UNIX socket that QEMU listens on."),
  path: required(path, "Path of the socket."),
});
const dev = object({
  type: required(v.literal("dev"), "A serial port of the host."),
  path: required(path, "Path of the device, such as /dev/ttyS0."),
});
const tcp = object({
  type: required(v.literal("tcp"), "A TCP port that QEMU listens on. The connection is not encrypted."),
  port: required(count(1, 65_535), "TCP port to listen on."),
  listen: optional(listenAddress, "Host address to listen on. Default: 127.0.0.1."),
});

/** Devices beside disks and interfaces, of which a guest may have several. */
export const writtenPeripherals = {
  input: optional(
    v.array(input, expects("wrong-type", "must be a list of input devices")),
    'Input devices beside the mouse and keyboard of PS/2: ["tablet"]. Default: none; a tablet for Windows and other.',
  ),
  sound: optional(choice(SOUND_MODELS), "Sound card.", "none"),
  filesystems: optional(
    list(filesystem),
    "Directories of the host, shared by virtiofs. The host requires virtiofsd. Default: none.",
  ),
  serial: optional(
    v.array(
      v.variant("type", [pty, file, unix, tcp, dev], expects("wrong-choice", 'must be one of "pty", "file", "unix", "tcp", "dev"')),
      expects("wrong-type", "must be a list of serial ports"),
    ),
    "Serial ports behind the console, which is the first. Default: none.",
  ),
};
