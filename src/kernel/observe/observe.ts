import type { Fact } from "../facts/fact.ts";
import type { Host } from "../host.ts";
import { hostState } from "../facts/host-state.ts";
import type { Link } from "../facts/link.ts";
import type { IfName } from "../../values/names.ts";
import type { Scope } from "../facts/scope.ts";
import type { View } from "../facts/view.ts";
import { NOTHING_SEEN, type Question, type Seen } from "./question.ts";
import { questionsOf, toSeen } from "./questions.ts";
import { type AskingTool, JSON_OPTIONS, readAnswers } from "../facts/answers.ts";
import { observeFollowed, observeGuard } from "./port-guard.ts";
import { observeStolen } from "./stolen.ts";
import { toUplinkView } from "./uplink.ts";
import { observeSourceCheck } from "./source-check.ts";
import { observeSysctls } from "./sysctl.ts";

/** What each tool let us see. */
export interface Sight {
  readonly ip: Seen;
  readonly bridge: Seen;
  readonly nft: readonly Fact[];
}

/** Every device has this setting, so a device without it is not there: known without starting a process. */
export const isThere = (host: Host, dev: IfName): boolean =>
  host.readSysctl(`net/ipv4/conf/${dev}/forwarding`) !== null;

/** Asks one tool, in one process: none when there is nothing to ask. */
const ask = async (tool: AskingTool, questions: readonly Question[], host: Host): Promise<Seen> => {
  if (questions.length === 0) return NOTHING_SEEN;
  // With -force a device that vanishes meanwhile does not end the batch.
  const args = [...JSON_OPTIONS[tool], "-force", "-batch", "-"];
  const ran = await host.run(tool, args, `${questions.map(({ line }) => line).join("\n")}\n`);
  return toSeen(questions, readAnswers(ran.stdout, ran.stderr, [...questions.keys()]));
};

/** Asks nft for a table of ours; none is no error. What is in the sets of inet is the kernel's own, and may be much. */
const askTable = async (family: "inet" | "bridge", host: Host): Promise<unknown> => {
  const options = family === "inet" ? ["--json", "--terse"] : ["--json"];
  const ran = await host.run("nft", [...options, "list", "table", family, "guestnet"]);
  return ran.code === 0 ? (JSON.parse(ran.stdout) as unknown) : null;
};

const lookAtNft = async (scope: Scope, host: Host): Promise<readonly Fact[]> => {
  const { sourceCheck, guards } = scope;
  const following = scope.trunkings.some(({ mode }) => mode === "follow-guests");
  const [inet, bridge] = await Promise.all([
    sourceCheck ? askTable("inet", host) : null,
    guards.length > 0 || following ? askTable("bridge", host) : null,
  ]);
  return [
    ...(inet === null ? [] : observeSourceCheck(inet)),
    ...(bridge === null ? [] : [...observeGuard(bridge, guards), ...observeFollowed(bridge)]),
  ];
};

/** Asks each tool: a process for every table of nft, and at most one for each of the others. Rejects when one cannot be run. */
export const lookAt = {
  ip: (scope: Scope, host: Host): Promise<Seen> =>
    ask("ip", questionsOf(scope, (dev) => isThere(host, dev)).ip, host),
  bridge: (scope: Scope, host: Host): Promise<Seen> =>
    ask("bridge", questionsOf(scope, (dev) => isThere(host, dev)).bridge, host),
  nft: lookAtNft,
} as const;

/** A bridge that does not filter VLANs has none to show, and a kernel that cannot makes bridge(8) end with half an answer. */
const filtersAll = ({ bridges }: Scope, { links }: Seen): boolean =>
  !links.some(({ name, bridge }) => bridge?.vlanFiltering === false && bridges.includes(name));

/** Looks at the kernel, within the scope. */
export const look = async (scope: Scope, host: Host): Promise<Sight> => {
  const [ip, nft] = await Promise.all([lookAt.ip(scope, host), lookAt.nft(scope, host)]);
  return { ip, nft, bridge: filtersAll(scope, ip) ? await lookAt.bridge(scope, host) : NOTHING_SEEN };
};

/** A device of somebody else has nothing that we may take away: only what hangs off our own taps counts. */
const ownOnly = (facts: readonly Fact[]): readonly Fact[] => {
  const own = new Set(facts.flatMap((fact) => (fact.kind === "tap" ? [fact.dev] : [])));
  return facts.filter((fact) => {
    const hangsOff = fact.kind === "address" || fact.kind === "route" || fact.kind === "neigh";
    return !hangsOff || own.has(fact.dev);
  });
};

/** A route has only the number of its table: which VRF that is, the tap's master says. */
const inVrfs = (facts: readonly Fact[], links: readonly Link[]): readonly Fact[] => {
  const vrfs = links.filter(({ vrf }) => vrf !== null);
  if (vrfs.length === 0) return facts;
  return facts.map((fact) => {
    if (fact.kind !== "route" || fact.table.kind !== "table") return fact;
    const { id } = fact.table;
    const master = links.find(({ name }) => name === fact.dev)?.master;
    const vrf = vrfs.find((link) => link.name === master && link.vrf?.table === id);
    return vrf === undefined ? fact : { ...fact, table: { kind: "vrf", vrf: vrf.name } };
  });
};

/** What was seen as one state, together with the settings, which are read now. */
export const toView = (scope: Scope, { ip, bridge, nft }: Sight, host: Host): View => {
  const marks = nft.filter((fact) => fact.kind === "followed");
  const others = nft.filter((fact) => fact.kind !== "followed");
  const { observed, wanted, missing } = toUplinkView(scope.trunkings, bridge.members, marks, host);
  return {
    links: new Map(ip.links.map((link) => [link.name, link])),
    facts: hostState([
      ...inVrfs(ownOnly(ip.facts), ip.links),
      ...bridge.facts,
      ...others,
      ...observed,
      ...observeSysctls(host, scope.sysctls),
    ]),
    routes: ip.routes,
    wanted,
    missing,
    unlockable: bridge.unlockable,
    stolen: observeStolen(host, scope.bridges),
  };
};
