import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A libvirt daemon that runs QEMU guests here: `virtqemud`, or the older `libvirtd` that does everything. */
export interface Daemon {
  readonly name: "libvirtd" | "virtqemud";
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The environment that its hooks inherit. */
  readonly path: string | null;
  /** The AppArmor profile that confines it, or null. */
  readonly profile: string | null;
}

const read = (file: string): string | null => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
};

const mountsOf = (pid: string): string | null => {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return null;
  }
};

const isDaemon = (name: string | undefined): name is Daemon["name"] =>
  name === "libvirtd" || name === "virtqemud";

/** `libvirtd (enforce)` is confined; `unconfined`, and a profile that only complains, are not. */
const profileOf = (label: string | null): string | null =>
  /^(\S+) \(enforce\)/.exec(label ?? "")?.[1] ?? null;

/** Ticks of `starttime` in a second (proc(5)): USER_HZ, which is 100 wherever libvirt runs QEMU. */
const TICKS = 100;

/** When a process was started, in milliseconds since the epoch: field 22 of its stat, and the boot in /proc/stat. */
const startOf = (pid: string): number => {
  // The second field is the program's name in parentheses, and may hold anything.
  const fields = (read(`/proc/${pid}/stat`) ?? "").replace(/^.*\) /s, "").split(" ");
  const boot = Number(/^btime (\d+)$/m.exec(read("/proc/stat") ?? "")?.[1] ?? 0);
  return boot * 1000 + Number(fields[19] ?? 0) * (1000 / TICKS);
};

const toDaemon = (pid: string): readonly Daemon[] => {
  const name = read(`/proc/${pid}/comm`)?.trim();
  // Another mount namespace is another system, with hooks of its own: a container's, or a test's.
  if (!isDaemon(name) || mountsOf(pid) !== mountsOf("self")) return [];
  const environment = read(`/proc/${pid}/environ`)?.split("\0") ?? [];
  const profile = read(`/proc/${pid}/attr/apparmor/current`) ?? read(`/proc/${pid}/attr/current`);
  return [
    {
      name,
      pid: Number(pid),
      startedAt: startOf(pid),
      path: environment.find((entry) => entry.startsWith("PATH="))?.slice(5) ?? null,
      profile: profileOf(profile),
    },
  ];
};

/** The daemons that run now. virtqemud may be started by its socket later. */
export const runningDaemons = (): readonly Daemon[] =>
  readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        return toDaemon(pid);
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
