import { lastLine } from "../values/error-text.ts";
import { Failure } from "../values/failure.ts";
import type { Program, Ran, Run } from "../kernel/host.ts";
import { startLibvirt } from "./libvirt-unit.ts";

/** One run of virsh. Rejects with a {@link Failure} when libvirt cannot be asked at all. */
export type Virsh = (...args: readonly string[]) => Promise<Ran>;

export const SYSTEM = "qemu:///system";

const virshProgram = (uri: string, args: readonly string[]): Program => ({
  ...{ file: "virsh", args: ["-q", "-c", uri, ...args], stdin: "" },
});

/**
 * `virsh -c URI`, quiet. A guest's lock is held while its hook runs, and virsh then waits: the run's own deadline ends it.
 *
 * @param start what starts the daemon there
 */
export const virshOn =
  (uri: string, run: Run, start: string = startLibvirt()): Virsh =>
  async (...args) => {
    const { file, args: words } = virshProgram(uri, args);
    const ran = await run(file, words);
    if (ran.code === 124)
      throw new Failure(
        `cannot query libvirt (${uri}): no answer, because a hook or QEMU holds a guest`,
        "journalctl -t guestnet -u libvirtd -u virtqemud",
      );
    if (/^error: failed to connect/m.test(ran.stderr)) {
      const why = lastLine(ran.stderr).replace(/^error: /, "");
      throw new Failure(`cannot connect to libvirt (${uri}): ${why}`, start);
    }
    return ran;
  };

/** Returns virsh's error in one line. */
export const saidBy = ({ stderr, stdout }: Ran): string =>
  (stderr.trim() === "" ? stdout : stderr)
    .trim()
    .split("\n")
    .map((line) => line.replace(/^error: /, ""))
    .filter((line) => line !== "")
    .join(": ");

const asked = (ran: Ran, what: string): string => {
  if (ran.code !== 0) throw new Failure(`cannot list ${what}: ${saidBy(ran)}`, "virsh list --all");
  return ran.stdout;
};

// An argument of a program is 128 KiB at most (MAX_ARG_STRLEN), a command here is 46 bytes.
const AT_ONCE = 2000;

const uuidsIn = (stdout: string): readonly string[] => stdout.split("\n").filter((uuid) => uuid !== "");

/** Reads what `virsh list --uuid --name` prints: UUIDs by name. */
export const uuidsByName = (stdout: string): ReadonlyMap<string, string> =>
  new Map(
    stdout.split("\n").flatMap((line) => {
      const [, uuid, name] = /^(\S{36})\s+(.+?)\s*$/.exec(line) ?? [];
      return uuid === undefined || name === undefined ? [] : [[name, uuid] as const];
    }),
  );
const RUNNING = ["list", "--uuid"] as const;
const PAUSED = ["list", "--uuid", "--state-paused"] as const;

/** The first program of {@link readRunning}. */
export const listRunning = (uri: string): Program => virshProgram(uri, RUNNING);
/** That of {@link readPaused}. */
export const listPaused = (uri: string): Program => virshProgram(uri, PAUSED);

/** The live XML of all running and paused guests. */
export const readRunning = (virsh: Virsh): Promise<readonly string[]> => readDomains([], virsh);

/** The XML of all guests: the live one of those that run. */
export const readDefined = (virsh: Virsh): Promise<readonly string[]> => readDomains(["--all"], virsh);

/** The XML of all guests that do not run, and the UUIDs of those that libvirt starts with the host. */
export const readInactive = async (
  virsh: Virsh,
): Promise<{ readonly xmls: readonly string[]; readonly autostart: ReadonlySet<string> }> => ({
  xmls: await readDomains(["--inactive"], virsh),
  autostart: new Set(
    uuidsIn(asked(await virsh("list", "--uuid", "--inactive", "--autostart"), "autostart guests")),
  ),
});

/**
 * The XML of guests, in two runs of virsh however many they are. By UUID: a name may hold what virsh's own command line reads
 * as more than a letter. A guest that ends meanwhile is absent.
 */
const readDomains = async (which: readonly string[], virsh: Virsh): Promise<readonly string[]> => {
  const uuids = uuidsIn(asked(await virsh("list", "--uuid", ...which), "guests"));
  const xmls: string[] = [];
  for (let start = 0; start < uuids.length; start += AT_ONCE) {
    const commands = uuids.slice(start, start + AT_ONCE).map((uuid) => `dumpxml ${uuid}`);
    // Its status is the last guest's, which may just have ended.
    const { stdout } = await virsh(commands.join("; "));
    xmls.push(...(stdout.match(/^<domain [^]*?^<\/domain>$/gm) ?? []));
  }
  return xmls;
};

/** The UUIDs of the guests whose CPUs stand still: paused, or on their way to another host or from one. */
export const readPaused = async (virsh: Virsh): Promise<readonly string[]> =>
  uuidsIn(asked(await virsh(...PAUSED), "paused guests"));

/** The names of all guests, running or not. */
export const readNames = async (virsh: Virsh): Promise<readonly string[]> =>
  asked(await virsh("list", "--all", "--name"), "guests")
    .split("\n")
    .filter((name) => name !== "");
