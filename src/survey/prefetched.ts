import type { AskingTool, Question } from "../kernel/facts/question.ts";
import { NO_SCOPE, type Scope } from "../kernel/facts/scope.ts";
import type { Program } from "../kernel/host.ts";
import { type AskedHost, batchOf, tableProgram } from "../kernel/observe/observe.ts";
import { inquire } from "../kernel/observe/reading.ts";
import type { IfName } from "../values/names.ts";
import { TRAFFIC_PROGRAMS } from "./traffic.ts";

const SOME = "lo" as IfName;

/** A port and a tap: what a survey asks about one of each, it asks about all of them. */
const ONE_OF_EACH: Scope = {
  ...NO_SCOPE,
  ...{ links: [SOME], ports: [SOME] },
  taps: [{ dev: SOME, alias: "", draft: SOME, anycast: false }],
};

const commonTo = (tool: AskingTool): readonly Question[] =>
  inquire(tool, ONE_OF_EACH).questions.map((question) => ({ ...question, dev: null }));

const COMMON = [
  ["ip", commonTo("ip")],
  ["bridge", commonTo("bridge")],
] as const;

/** Programs that the survey of a host runs, whatever guests it has: on another host they can share a round trip. */
export const SURVEY_PROGRAMS: readonly Program[] = [
  ...COMMON.map(([tool, questions]) => batchOf(tool, questions)),
  ...(["inet", "bridge"] as const).map(tableProgram),
  ...TRAFFIC_PROGRAMS,
];

/** Asks a host what {@link SURVEY_PROGRAMS} answer. What cannot be asked of all devices at once is left to the survey. */
export const askCommon = async (host: AskedHost): Promise<void> => {
  await Promise.allSettled(COMMON.map(([tool, questions]) => host.ask(tool, questions)));
};
