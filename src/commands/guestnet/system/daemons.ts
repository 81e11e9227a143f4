import type { Files } from "./files.ts";

/** A libvirt daemon that runs QEMU guests: `virtqemud`, or the older `libvirtd` that does everything. */
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

const isDaemon = (name: string | undefined): name is Daemon["name"] =>
  name === "libvirtd" || name === "virtqemud";

/** `libvirtd (enforce)` is confined; `unconfined`, and a profile that only complains, are not. */
const profileOf = (label: string | undefined): string | null =>
  /^(\S+) \(enforce\)/.exec(label ?? "")?.[1] ?? null;

/** Ticks of `starttime` in a second (proc(5)): USER_HZ, which is 100 wherever libvirt runs QEMU. */
const TICKS = 100;

/** When a process was started, in milliseconds since the epoch: field 22 of its stat, and the boot in /proc/stat. */
const startOf = (stat: string | undefined, boot: string | undefined): number => {
  // The second field is the program's name in parentheses, and may hold anything.
  const fields = (stat ?? "").replace(/^.*\) /s, "").split(" ");
  const seconds = Number(/^btime (\d+)$/m.exec(boot ?? "")?.[1] ?? 0);
  return seconds * 1000 + Number(fields[19] ?? 0) * (1000 / TICKS);
};

const LABELS = ["attr/apparmor/current", "attr/current"] as const;

/** The daemons that run now. virtqemud may be started by its socket later. */
export const runningDaemons = async (files: Files): Promise<readonly Daemon[]> => {
  const pids = (await files.names("/proc")).filter((name) => /^\d+$/.test(name));
  const names = await files.readEach(pids.map((pid) => `/proc/${pid}/comm`));
  const found = pids.filter((pid) => isDaemon(names.get(`/proc/${pid}/comm`)));
  if (found.length === 0) return [];
  const [own, texts, ...mounts] = await Promise.all([
    files.readLink("/proc/self/ns/mnt"),
    files.readEach([
      "/proc/stat",
      ...found.flatMap((pid) => ["environ", "stat", ...LABELS].map((name) => `/proc/${pid}/${name}`)),
    ]),
    ...found.map((pid) => files.readLink(`/proc/${pid}/ns/mnt`)),
  ]);
  return found.flatMap((pid, at): readonly Daemon[] => {
    const name = names.get(`/proc/${pid}/comm`);
    // Another mount namespace is another system, with hooks of its own: a container's, or a test's.
    if (!isDaemon(name) || mounts[at]?.target !== own?.target) return [];
    const of = (file: string): string | undefined => texts.get(`/proc/${pid}/${file}`);
    const environment = of("environ")?.split("\0") ?? [];
    return [
      {
        name,
        pid: Number(pid),
        startedAt: startOf(of("stat"), texts.get("/proc/stat")),
        path: environment.find((entry) => entry.startsWith("PATH="))?.slice(5) ?? null,
        profile: profileOf(of(LABELS[0]) ?? of(LABELS[1])),
      },
    ];
  });
};
