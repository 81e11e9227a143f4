import { failedLines } from "../../kernel/facts/question.ts";
import { asList, membersOf } from "../../values/json.ts";
import type { Host } from "../../kernel/host.ts";
import type { Address, Family } from "../../values/address.ts";
import { type RouteLookup, lookupLine } from "./route.ts";
import {
  type HostOutputs,
  readDeviceTables,
  settingNames,
  type ObservedHost,
  toObservedHost,
} from "./observed-host.ts";

/** What to ask of a host for one packet. */
export interface Questions {
  readonly family: Family;
  /** Addresses whose routes are asked for in all tables. */
  readonly addresses: readonly Address[];
  readonly lookups: readonly RouteLookup[];
  /** Bridges whose VLANs and forwarding entries matter. */
  readonly bridges: readonly string[];
  /** Returns what the first answers leave to ask. */
  readonly next: (observed: ObservedHost) => readonly RouteLookup[];
}

type Asked = Pick<Host, "run" | "readFile" | "readSysctl">;

/** An output, or the error of the tool. */
type Output = readonly unknown[] | string;

const listIn = (output: Output | undefined): readonly unknown[] =>
  output === undefined || typeof output === "string" ? [] : output;

/** Runs the lines of a batch in one process. The error of a failed line is printed before `Command failed -:LINE`. */
const batch = async (
  tool: "ip" | "bridge",
  options: readonly string[],
  lines: readonly string[],
  { run }: Asked,
): Promise<readonly Output[]> => {
  if (lines.length === 0) return [];
  const args = [...options, "-json", "-force", "-batch", "-"];
  const { stdout, stderr } = await run(tool, args, `${lines.join("\n")}\n`);
  const failed = failedLines(stderr);
  const errors = stderr
    .split(/^Command failed -:\d+$/m)
    .map((text) => (text.trim().split("\n").at(-1) ?? "").replace(/^RTNETLINK answers: |^Error: /, ""));
  const documents = stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .values();
  const reasons = errors.values();
  return lines.map((_, at) =>
    failed.has(at)
      ? (reasons.next().value ?? "")
      : (JSON.parse(documents.next().value ?? "[]") as readonly unknown[]),
  );
};

const PLACES = ["address show", "rule show", "neigh show", "neigh show proxy"] as const;

const json = async (run: Promise<{ readonly code: number; readonly stdout: string }>): Promise<unknown> => {
  const { code, stdout } = await run;
  return code === 0 && stdout.trim() !== "" ? (JSON.parse(stdout) as unknown) : null;
};

/** Whether rules of extensions are among those that nft shows: it knows no more of them than their names. */
const hasExtensions = (ruleset: unknown, family: "ip" | "ip6"): boolean =>
  asList(membersOf(ruleset)["nftables"])
    .map((item) => membersOf(membersOf(item)["rule"]))
    .some((rule) => rule["family"] === family && asList(rule["expr"]).some((one) => "xt" in membersOf(one)));

const saved = async (ruleset: unknown, family: "ip" | "ip6", { run }: Asked): Promise<string | null> => {
  if (!hasExtensions(ruleset, family)) return null;
  try {
    const { code, stdout } = await run(family === "ip" ? "iptables-nft-save" : "ip6tables-nft-save", []);
    return code === 0 ? stdout : null;
  } catch {
    // Not installed: the rules are then reported as not evaluated.
    return null;
  }
};

const ask = async (
  lookups: readonly RouteLookup[],
  family: Family,
  host: Asked,
): Promise<HostOutputs["lookups"]> => {
  const lines = [...new Set(lookups.map(lookupLine))];
  const answers = await batch("ip", [family === "ipv4" ? "-4" : "-6", "-details", "-N"], lines, host);
  return Object.fromEntries(lines.map((line, at) => [line, answers[at] ?? ""]));
};

const readPlaces = async ({ family, addresses, lookups }: Questions, host: Asked) => {
  const covering = addresses.map((address) => `route show table all match ${address}`);
  const asked = [...new Set(lookups.map(lookupLine))];
  const answers = await batch(
    "ip",
    [family === "ipv4" ? "-4" : "-6", "-details", "-N"],
    [...PLACES, ...covering, ...asked],
    host,
  );
  const [own, rules, neighbours, proxies] = PLACES.map((_, at) => listIn(answers[at]));
  const after = PLACES.length + covering.length;
  return {
    addresses: own ?? [],
    rules: rules ?? [],
    neighbours: neighbours ?? [],
    proxies: proxies ?? [],
    covering: Object.fromEntries(
      addresses.map((address, at) => [address, listIn(answers[PLACES.length + at])]),
    ),
    lookups: Object.fromEntries(asked.map((line, at) => [line, answers[after + at] ?? ""])),
  };
};

const legacyTables = ({ readFile }: Asked, family: Family): readonly string[] =>
  (readFile(`/proc/net/ip${family === "ipv4" ? "" : "6"}_tables_names`) ?? "")
    .split("\n")
    .filter((name) => name !== "");

/** The devices whose settings matter: those that lookups name, and the VRFs that these are in. */
const devicesOf = (observed: ObservedHost, lookups: readonly RouteLookup[]): readonly string[] => {
  const named = lookups.flatMap((lookup) => {
    const answer = observed.lookup(lookup);
    return [lookup.in, lookup.out, answer?.kind === "route" ? answer.route.dev : null];
  });
  const devices = new Set(named.flatMap((name) => name ?? []));
  return [...devices].flatMap((name) => {
    const master = observed.links.get(name)?.master ?? null;
    return master === null ? [name] : [name, master];
  });
};

const LINKS = ["-json", "-details", "-statistics", "-N", "link", "show"] as const;
const RULES = ["--json", "list", "ruleset"] as const;

/** Runs the programs whose questions are the same for every packet. The host answers again what it was asked. */
export const askCommonQuestions = (host: Asked): void => {
  const all = [host.run("ip", LINKS), host.run("nft", RULES)];
  // Each is awaited in readObservedHost; one that is never reached must not end the program.
  for (const one of all) one.catch(() => undefined);
};

/** Forwarding entries are one list for each bridge; `vlan show` has no such filter (bridge(8)). */
const readBridges = async (
  bridges: readonly string[],
  host: Asked,
): Promise<Pick<HostOutputs, "vlans" | "fdb">> => {
  const entries = bridges.map((bridge) => `fdb show br ${bridge}`);
  const [vlans, ...fdb] = await batch(
    "bridge",
    [],
    entries.length === 0 ? [] : ["vlan show", ...entries],
    host,
  );
  return { vlans: listIn(vlans), fdb: fdb.flatMap(listIn) };
};

/**
 * Asks a host everything that one packet of it depends on: three processes side by side, one more for bridges, and one or two for the
 * way back and for rules of iptables. Nothing is changed.
 */
export const readObservedHost = async (questions: Questions, host: Asked): Promise<ObservedHost> => {
  const [links, bridges, places, ruleset] = await Promise.all([
    json(host.run("ip", LINKS)),
    readBridges(questions.bridges, host),
    readPlaces(questions, host),
    json(host.run("nft", RULES)),
  ]);
  const first: HostOutputs = {
    links: asList(links),
    ...bridges,
    ...places,
    ruleset,
    saved: { ip: null, ip6: null },
    legacy: legacyTables(host, questions.family),
    settings: {},
  };
  const tables = readDeviceTables(first);
  const seen = toObservedHost(first, tables);
  const next = questions.next(seen);
  const [more, ip, ip6] = await Promise.all([
    ask(next, questions.family, host),
    saved(ruleset, "ip", host),
    saved(ruleset, "ip6", host),
  ]);
  const second = { ...first, lookups: { ...first.lookups, ...more }, saved: { ip, ip6 } };
  const devices = devicesOf(toObservedHost(second, tables), [...questions.lookups, ...next]);
  const names = settingNames(questions.family, devices);
  const settings = Object.fromEntries(names.map((name) => [name, host.readSysctl(name)]));
  return toObservedHost({ ...second, settings }, tables);
};
