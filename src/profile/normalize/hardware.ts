import {
  CPU_MODES,
  type Clock,
  type Cpu,
  type OptionalDevice,
  type Graphics,
  type Hardware,
  type Vcpus,
} from "../../guest/hardware.ts";
import type { WrittenProfile } from "../schema/profile.ts";
import type { WrittenCpu, WrittenVcpus } from "../schema/hardware.ts";

/** Returns the vCPUs of a profile, in either of its two forms; null means the template's. */
export const vcpuCountOf = (written: WrittenVcpus | undefined): number | null =>
  typeof written === "object" ? written.count : (written ?? null);

const toVcpus = (written: WrittenVcpus): Vcpus => {
  const { count, max, topology, pinning } = typeof written === "number" ? { count: written } : written;
  const most = max ?? count;
  return {
    count,
    max: most,
    topology: {
      sockets: topology?.sockets ?? 1,
      cores: topology?.cores ?? most,
      threads: topology?.threads ?? 1,
    },
    pinning:
      pinning === undefined
        ? { kind: "none" }
        : typeof pinning === "string"
          ? { kind: "all", cpus: pinning }
          : { kind: "each", cpus: pinning },
  };
};

const toCpu = (written: WrittenCpu, virtType: WrittenProfile["virtType"]): Cpu => {
  // Without KVM there is no host processor to pass through.
  const own = virtType === "qemu" ? "maximum" : "host-passthrough";
  const { model = own, features = {} } = typeof written === "string" ? { model: written } : written;
  const mode = CPU_MODES.find((candidate) => candidate === model);
  return {
    model: mode === undefined ? { kind: "named", name: model } : { kind: "mode", mode },
    features: Object.entries(features).map(([name, policy]) => ({ name, policy })),
  };
};

const toClock = (written: string): Clock =>
  written === "utc" || written === "localtime" ? { kind: written } : { kind: "timezone", timezone: written };

const toGraphics = (written: NonNullable<WrittenProfile["graphics"]>): Graphics => {
  if (written === "none") return { kind: "none" };
  const { type, listen, port } = typeof written === "string" ? { type: written } : written;
  return { kind: type, listen: listen ?? "127.0.0.1", port: port ?? null };
};

/** `true` is a device as it usually is, an object one with other settings. */
const toDevice = <Written extends object, Settings>(
  written: boolean | Written | undefined,
  settings: (given: Partial<Written>) => Settings,
): OptionalDevice<Settings> | null => {
  if (written === undefined) return null;
  if (written === false) return { kind: "off" };
  return { kind: "on", settings: settings(written === true ? {} : written) };
};

const toBoot = ({ kernel, initrd, cmdline }: NonNullable<WrittenProfile["boot"]>): Hardware["boot"] => ({
  kernel,
  initrd: initrd ?? null,
  cmdline: cmdline ?? null,
});

/** Returns the hardware settings of a profile; null means the template's. */
export const normalizeHardware = (written: WrittenProfile): Hardware => ({
  memory: { kib: written.memory, maxKiB: written.maxMemory ?? written.memory },
  vcpus: written.vcpus === undefined ? null : toVcpus(written.vcpus),
  cpu: written.cpu === undefined ? null : toCpu(written.cpu, written.virtType),
  machine: written.machine ?? null,
  firmware: written.firmware ?? null,
  boot: written.boot === undefined ? null : toBoot(written.boot),
  clock: written.clock === undefined ? null : toClock(written.clock),
  onPoweroff: written.onPoweroff ?? null,
  onReboot: written.onReboot ?? null,
  onCrash: written.onCrash ?? null,
  iothreads: written.iothreads ?? null,
  hotplugPorts: written.hotplugPorts ?? null,
  console: written.console ?? null,
  agent: written.agent ?? null,
  balloon: written.balloon ?? null,
  graphics: written.graphics === undefined ? null : toGraphics(written.graphics),
  video: written.video ?? null,
  tpm: toDevice(written.tpm, ({ model }) => ({
    model: model ?? (written.arch === "aarch64" ? "tpm-tis" : "tpm-crb"),
  })),
  watchdog: toDevice(written.watchdog, ({ action }) => ({ action: action ?? "reset" })),
  rng: toDevice(written.rng, ({ source }) => ({ source: source ?? "/dev/urandom" })),
});
