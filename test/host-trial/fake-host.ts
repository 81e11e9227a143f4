import type { DurableFiles, Entry } from "../../src/host-trial/durable-files.ts";
import type { Line } from "../../src/host-trial/managers.ts";
import type { Outcome, TrialPlan, TrialPorts } from "../../src/host-trial/ports.ts";
import type { LiveLink, LiveNetwork } from "../../src/live-network/live-network.ts";
import { Failure } from "../../src/values/failure.ts";

/** A process that was killed: nothing of it goes on. */
export class Killed extends Error {}

const LINK: LiveLink = {
  ...{ name: "eno1", kind: null, type: "ether", master: null, lower: null, up: true, mtu: 1500 },
  ...{ mac: "02:00:00:00:00:01", bridge: null, vlan: null, bond: null, vrf: null, vxlan: null, port: null },
};
const BRIDGE: LiveLink = {
  ...{ ...LINK, name: "br0", kind: "bridge" },
  bridge: { filtering: true, defaultPvid: 0, stp: false },
};

const networkOf = (links: readonly LiveLink[]): LiveNetwork => ({
  links,
  ...{ addresses: [], routes: [], rules: [], vlans: [], tunnels: [], peers: [] },
  sysctl: () => null,
});

export const FILE = "/etc/net/br0";
/** A file of the administrator's that the trial removes. */
export const OLD = "/etc/net/old";

/** A host whose manager makes a bridge of one file, with all that may go wrong. */
export interface FakeHost {
  readonly ports: TrialPorts;
  readonly plan: TrialPlan;
  readonly outcomes: Outcome[];
  readonly text: (path: string) => string | null;
  readonly paths: () => readonly string[];
  readonly devices: () => readonly string[];
  /** Calls of the outside from now on, after which the process is killed. */
  killAfter: number;
  /** How often the outside was called. */
  calls: number;
  /** Whether nothing more can be written. */
  full: boolean;
  boot: string;
  sessionAlive: boolean;
  wrongGuest: string | null;
  /** Whether its manager harms a guest's NIC each time that it reloads. */
  disturbsGuests: boolean;
  /** What the manager says; null for success. */
  refuses: string | null;
  /** Runs at each look at the clock. */
  onTime: (seconds: number) => void;
}

const text = (entry: Entry | undefined): string | null =>
  entry?.kind === "file" ? new TextDecoder().decode(entry.content) : null;

export const fakeHost = (before: Readonly<Record<string, string>>): FakeHost => {
  const encoder = new TextEncoder();
  const files = new Map<string, Entry>(
    Object.entries(before).map(([path, content]) => [
      path,
      { kind: "file", content: encoder.encode(content), mode: 0o644, uid: 0, gid: 0 },
    ]),
  );
  const directories = new Set<string>(["/etc"]);
  let links: readonly LiveLink[] = [LINK];
  let seconds = 0;
  const step = (): void => {
    host.calls += 1;
    if (host.calls > host.killAfter) throw new Killed();
  };
  const below = (path: string): readonly string[] =>
    [...files.keys(), ...directories].filter((one) => one.startsWith(`${path}/`));
  const write = (path: string, entry: Entry): void => {
    if (host.full) throw new Failure(`cannot write ${path}: no space left on the device`, "df");
    files.set(path, entry);
  };
  const disk: DurableFiles = {
    read: (path) => files.get(path) ?? null,
    write: (path, entry) => {
      step();
      write(path, entry);
    },
    move: (from, to) => {
      step();
      const moved = [from, ...below(from)];
      if (!moved.some((path) => files.has(path) || directories.has(path))) return false;
      for (const path of moved) {
        const target = to + path.slice(from.length);
        const entry = files.get(path);
        if (entry !== undefined) files.set(target, entry);
        if (directories.delete(path)) directories.add(target);
        files.delete(path);
      }
      return true;
    },
    remove: (path) => {
      step();
      for (const one of [path, ...below(path)]) {
        files.delete(one);
        directories.delete(one);
      }
    },
    makeDirectory: (path) => {
      step();
      directories.add(path);
      return [path];
    },
    list: (path) =>
      below(path)
        .map((one) => one.slice(path.length + 1))
        .filter((name) => !name.includes("/")),
  };
  const run = (line: Line): Promise<{ code: number; stdout: string; stderr: string }> => {
    step();
    const [program, ...args] = line;
    if (program === "manager" && host.refuses !== null)
      return Promise.resolve({ code: 1, stdout: "", stderr: host.refuses });
    // This manager makes devices, and never removes one.
    if (program === "manager" && files.has(FILE) && links.length === 1) links = [...links, BRIDGE];
    if (args.join(" ") === "reload" && host.disturbsGuests) host.wrongGuest = "web1 web1-0";
    if (program === "ip" && args.join(" ") === "link delete dev br0") links = [LINK];
    return Promise.resolve({ code: 0, stdout: "", stderr: "" });
  };
  const host: FakeHost = {
    outcomes: [],
    text: (path) => text(files.get(path)),
    paths: () => [...files.keys(), ...directories].sort(),
    devices: () => links.map(({ name }) => name),
    ...{ killAfter: Infinity, calls: 0, full: false, boot: "one", sessionAlive: true },
    ...{ wrongGuest: null, disturbsGuests: false, refuses: null, onTime: () => undefined },
    ports: {
      disk,
      now: () => {
        host.onTime(seconds);
        return seconds;
      },
      sleep: (ms) => {
        seconds += ms / 1000;
        return Promise.resolve();
      },
      boot: () => host.boot,
      run: async (line) => run(line),
      readNetwork: () => Promise.resolve(networkOf(links)),
      writeSysctl: step,
      isAlive: () => host.sessionAlive,
      wrongGuests: () =>
        Promise.resolve(new Map(host.wrongGuest === null ? [] : [[host.wrongGuest, "missing: VLAN 20"]])),
      repairGuests: (nics) => {
        if (nics.has(host.wrongGuest ?? "")) host.wrongGuest = null;
        return Promise.resolve([]);
      },
      publish: (outcome) => {
        step();
        host.outcomes.push(outcome);
      },
    },
    plan: {
      apply: [["manager", "reload"]],
      back: [["manager", "reload"]],
      keep: [["manager", "enable"]],
      boot: [],
      get disturbsGuests() {
        return host.disturbsGuests;
      },
      tried: { devices: new Set(["br0"]), peers: [] },
      differences: ({ links: found }) =>
        found.some(({ name }) => name === "br0") ? [] : ["br0: no device bridge"],
      before: networkOf([LINK]),
    },
  };
  return host;
};
