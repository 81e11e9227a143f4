import { nextJob } from "../../values/in-job.ts";
import {
  type Answers,
  type AskingTool,
  JSON_OPTIONS,
  type Question,
  questionLine,
  readAnswers,
} from "../facts/question.ts";
import type { Device } from "../facts/device.ts";
import { deviceOf, type Fact, factKinds, hostState } from "../facts/fact.ts";
import type { Observed } from "../facts/observed.ts";
import type { Scope } from "../facts/scope.ts";
import type { IfName } from "../../values/names.ts";
import type { Host, Program } from "../host.ts";
import { networkdFileOf } from "./networkd.ts";
import { inquire, NOTHING_READ, type Reading } from "./reading.ts";
import { observeUplinks } from "./uplink.ts";
import { observeVlanDevices } from "./vlan-device.ts";

/** A host whose tools answer questions: each time anew, or once for many who ask. */
export interface AskedHost extends Host {
  readonly ask: (tool: AskingTool, questions: readonly Question[]) => Promise<Answers>;
}

/** Returns the program that asks questions. With -force a device that vanishes meanwhile does not end the batch. */
export const batchOf = (tool: AskingTool, questions: readonly Question[]): Program => ({
  file: tool,
  args: [...JSON_OPTIONS[tool], "-force", "-batch", "-"],
  stdin: `${questions.map(questionLine).join("\n")}\n`,
});

/** Returns the host with questions asked in one process for each tool: none when there is nothing to ask. */
export const toAsked = (host: Host): AskedHost => ({
  run: host.run,
  readFile: host.readFile,
  exists: host.exists,
  readSysctl: host.readSysctl,
  writeSysctl: host.writeSysctl,
  writeSysfs: host.writeSysfs,
  ask: async (tool, questions) => {
    if (questions.length === 0) return [];
    const { file, args, stdin } = batchOf(tool, questions);
    const ran = await host.run(file, args, stdin);
    return readAnswers(ran.stdout, ran.stderr, [...questions.keys()]);
  },
});

/** Facts by the tool that shows them. */
export interface Readings {
  readonly ip: Reading;
  readonly bridge: Reading;
  readonly nft: readonly Fact[];
}

/** Every device has this setting, so a device without it is not there: known without starting a process. */
const isThere = (host: Host, dev: IfName): boolean =>
  host.readSysctl(`net/ipv4/conf/${dev}/forwarding`) !== null;

/** The scope without what hangs off devices that are not there. */
const whatIsThere = (scope: Scope, host: Host): Scope => {
  const has = (dev: IfName): boolean => isThere(host, dev);
  return {
    ...scope,
    links: scope.links.filter(has),
    ports: scope.ports.filter(has),
    taps: scope.taps.filter(({ dev }) => has(dev)),
    drafts: scope.drafts.filter(has),
    proxies: scope.proxies.filter(({ dev }) => has(dev)),
  };
};

/** Asks ip(8) or bridge(8) about a scope of devices that are there. */
const askTool = async (tool: AskingTool, there: Scope, host: AskedHost): Promise<Reading> => {
  await nextJob();
  const { questions, read } = inquire(tool, there);
  return read(await host.ask(tool, questions));
};

/** Asks ip(8) or bridge(8). */
export const readTool = async (tool: AskingTool, scope: Scope, host: AskedHost): Promise<Reading> => {
  await nextJob();
  return askTool(tool, whatIsThere(scope, host), host);
};

type TableFamily = "inet" | "bridge";

/** Returns the program that lists a guestnet table of nft. The kernel fills the sets of inet, and they may be large. */
export const tableProgram = (family: TableFamily): Program => ({
  file: "nft",
  args: [...(family === "inet" ? ["--json", "--terse"] : ["--json"]), "list", "table", family, "guestnet"],
  stdin: "",
});

/** Lists a guestnet table of nft; none is not an error. */
const listTable = async (family: TableFamily, host: Host): Promise<unknown> => {
  const { file, args } = tableProgram(family);
  const ran = await host.run(file, args);
  return ran.code === 0 ? (JSON.parse(ran.stdout) as unknown) : null;
};

/** Asks nft: a process for every table. */
export const readTables = async (scope: Scope, host: Host): Promise<readonly Fact[]> => {
  const tables = factKinds.flatMap(({ observe }) =>
    observe.from === "table" && observe.isWanted(scope) ? [observe] : [],
  );
  const read = async (family: TableFamily): Promise<readonly Fact[]> => {
    const own = tables.filter((table) => table.family === family);
    const document = own.length === 0 ? null : await listTable(family, host);
    return document === null ? [] : own.flatMap((table) => table.read(document, scope));
  };
  return (await Promise.all([read("inet"), read("bridge")])).flat();
};

/** A bridge that does not filter VLANs has none to show, and a kernel that cannot makes bridge(8) end with half an answer. */
const filtersAll = ({ bridges }: Scope, { devices }: Reading): boolean =>
  !devices.some(({ name, bridge }) => bridge?.vlanFiltering === false && bridges.includes(name));

/** Asks all tools about a scope. Rejects when one cannot be run. */
export const readTools = async (scope: Scope, host: AskedHost): Promise<Readings> => {
  await nextJob();
  const there = whatIsThere(scope, host);
  const [ip, nft] = await Promise.all([askTool("ip", there, host), readTables(scope, host)]);
  return {
    ip,
    nft,
    bridge: filtersAll(scope, ip) ? await askTool("bridge", there, host) : NOTHING_READ,
  };
};

/** Keeps only what is on a tap that guestnet made: on a foreign device of that name, nothing may be removed. */
const ownOnly = (facts: readonly Fact[], { taps }: Scope): readonly Fact[] => {
  const own = new Set(facts.flatMap((fact) => (fact.kind === "tap" ? [fact.dev] : [])));
  const foreign = new Set(taps.flatMap(({ dev }) => (own.has(dev) ? [] : [dev])));
  return facts.filter((fact) => {
    const dev = deviceOf(fact);
    return dev === null || !foreign.has(dev);
  });
};

/** A route has only the number of its table; the tap's master identifies the VRF. */
const inVrfs = (facts: readonly Fact[], devices: readonly Device[]): readonly Fact[] => {
  const vrfs = devices.filter(({ vrf }) => vrf !== null);
  if (vrfs.length === 0) return facts;
  return facts.map((fact) => {
    if (fact.kind !== "route" || fact.table.kind !== "table") return fact;
    const { id } = fact.table;
    const master = devices.find(({ name }) => name === fact.dev)?.master;
    const vrf = vrfs.find((device) => device.name === master && device.vrf?.table === id);
    return vrf === undefined ? fact : { ...fact, table: { kind: "vrf", vrf: vrf.name } };
  });
};

/** Read only for a tap that has lost its bridge: a start that goes well reads no file for it. */
const takenPorts = ({ ports }: Scope, devices: readonly Device[], host: Host): Observed["takenByNetworkd"] =>
  new Map(
    devices.flatMap(({ name, tap, master }) => {
      if (tap === null || master !== null || !ports.includes(name)) return [];
      const file = networkdFileOf(name, host);
      return file === null ? [] : [[name, file] as const];
    }),
  );

/** Returns the readings as one state, together with files, which it reads itself. */
export const toObserved = (scope: Scope, { ip, bridge, nft }: Readings, host: Host): Observed => {
  const uplinks = observeUplinks(scope.trunkings, bridge.members, nft, host);
  const files = factKinds.flatMap(({ observe }) =>
    observe.from === "files" ? observe.read(scope, host) : [],
  );
  return {
    devices: new Map(ip.devices.map((device) => [device.name, device])),
    facts: hostState([
      ...inVrfs(ownOnly(ip.facts, scope), ip.devices),
      ...bridge.facts,
      ...nft.filter(({ kind }) => kind !== "followed"),
      ...uplinks.observed,
      ...files,
    ]),
    routes: ip.routes,
    wanted: uplinks.wanted,
    missing: uplinks.missing,
    takenByNetworkd: takenPorts(scope, ip.devices, host),
    unlockable: bridge.unlockable,
    vlanDevices: observeVlanDevices(host, scope.bridges),
  };
};

/** Observes a host within a scope. Rejects when a tool cannot be started or answers nonsense. */
export const observe = async (scope: Scope, host: AskedHost): Promise<Observed> =>
  toObserved(scope, await readTools(scope, host), host);
