import type { Fact } from "../model/fact.ts";
import type { Host } from "../model/host.ts";
import { hostState } from "../model/host-state.ts";
import type { IfName } from "../model/names.ts";
import type { Scope } from "../model/scope.ts";
import type { View } from "../model/view.ts";
import { NOTHING_SEEN, type Question, questionsOf, type Seen, toSeen } from "./questions.ts";
import { type AskingTool, JSON_OPTIONS, readAnswers } from "../model/answers.ts";
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

/** Looks at the kernel, within the scope: at most three processes, side by side. Rejects when a tool cannot be run. */
export const look = async (scope: Scope, host: Host): Promise<Sight> => {
  const questions = questionsOf(scope, (dev) => isThere(host, dev));
  const [ip, bridge, nft] = await Promise.all([
    ask("ip", questions.ip, host),
    ask("bridge", questions.bridge, host),
    scope.sourceCheck ? observeSourceCheck(host.run) : [],
  ]);
  return { ip, bridge, nft };
};

/** A device of somebody else has nothing that we may take away: only what hangs off our own taps counts. */
const ownOnly = (facts: readonly Fact[]): readonly Fact[] => {
  const own = new Set(facts.flatMap((fact) => (fact.kind === "tap" ? [fact.dev] : [])));
  return facts.filter((fact) => (fact.kind !== "address" && fact.kind !== "route") || own.has(fact.dev));
};

/** What was seen as one state, together with the settings, which are read now. */
export const toView = (scope: Scope, { ip, bridge, nft }: Sight, host: Host): View => ({
  links: new Map(ip.links.map((link) => [link.name, link])),
  facts: hostState([...ownOnly(ip.facts), ...bridge.facts, ...nft, ...observeSysctls(host, scope.sysctls)]),
});
