import type { Applied, Plan, Step } from "../facts/change.ts";
import type { Answers, AskingTool } from "../facts/answers.ts";
import type { Host } from "../host.ts";
import { failedLines, JSON_OPTIONS, readAnswers } from "../facts/answers.ts";
import { type Group, group } from "./group.ts";

/** How many steps of a group were made, why it went no further, and what the tool showed at the end. */
interface Outcome {
  readonly made: number;
  /** How many may have been made: more than `made` where the tool was ended before it could say. */
  readonly begun: number;
  readonly reason: string | null;
  readonly shown: Answers;
}

const allOf = (steps: readonly Step[]): Outcome => ({
  made: steps.length,
  begun: steps.length,
  reason: null,
  shown: [],
});

/**
 * `ip -batch` and `bridge -batch` stop at the first line that fails and name it: line N is step N. The questions ride
 * along behind the changes, so that looking again costs no process of its own.
 */
const runBatch = async (
  tool: AskingTool,
  steps: readonly Step[],
  questions: readonly string[],
  host: Host,
): Promise<Outcome> => {
  const lines = [...steps.map((step) => step.line), ...questions];
  const options = questions.length === 0 ? [] : JSON_OPTIONS[tool];
  const ran = await host.run(tool, [...options, "-batch", "-"], `${lines.join("\n")}\n`);
  const asked = questions.map((_, index) => steps.length + index);
  if (ran.code === 0) return { ...allOf(steps), shown: readAnswers(ran.stdout, ran.stderr, asked) };
  const [line] = failedLines(ran.stderr);
  // A question that failed is about a device that has just gone; what was asked after it, nobody knows.
  if (line !== undefined && line >= steps.length) return allOf(steps);
  const said = ran.stderr
    .replace(/^Command failed .*$/m, "")
    .trim()
    .split("\n")
    .join("; ");
  return {
    made: line ?? 0,
    begun: line ?? steps.length,
    reason: said === "" ? `${tool} ended with status ${ran.code}` : said,
    shown: [],
  };
};

const runNft = async (steps: readonly Step[], host: Host): Promise<Outcome> => {
  const ran = await host.run("nft", ["-f", "-"], `${steps.map((step) => step.line).join("\n")}\n`);
  if (ran.code === 0) return allOf(steps);
  const [said = ""] = ran.stderr.trim().split("\n");
  return { made: 0, begun: 0, reason: said === "" ? `nft ended with status ${ran.code}` : said, shown: [] };
};

const writeFiles = (steps: readonly Step[], write: Host["writeSysfs"]): Outcome => {
  for (const [made, { line }] of steps.entries()) {
    const [name = "", value = ""] = line.split("=", 2);
    try {
      write(name, value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { made, begun: made, reason, shown: [] };
    }
  }
  return allOf(steps);
};

const runGroup = (
  { tool, steps }: Group,
  questions: readonly string[],
  host: Host,
): Promise<Outcome> | Outcome => {
  switch (tool) {
    case "ip":
    case "bridge":
      return runBatch(tool, steps, questions, host);
    case "nft":
      return runNft(steps, host);
    case "sysctl":
      return writeFiles(steps, host.writeSysctl);
    case "sysfs":
      return writeFiles(steps, host.writeSysfs);
  }
};

/** What there is to ask each tool once its last line has been run. */
export type Afterwards = Readonly<Record<AskingTool, readonly string[]>>;

/**
 * Makes the steps in order and stops at the first that fails. Rejects only when a tool cannot be started.
 *
 * @param ask questions that each tool answers behind its last change
 */
export const apply = async (plan: Plan, ask: Afterwards, host: Host): Promise<Applied> => {
  const groups = group(plan);
  const shown: { ip: Answers | null; bridge: Answers | null } = { ip: null, bridge: null };
  let applied = 0;
  for (const [index, one] of groups.entries()) {
    const { tool } = one;
    const last = !groups.slice(index + 1).some((later) => later.tool === tool);
    const asks = tool === "ip" || tool === "bridge";
    const questions = asks && last ? ask[tool] : [];
    const outcome = await runGroup(one, questions, host);
    const begun = applied + outcome.begun;
    applied += outcome.made;
    const failed = one.steps[outcome.made];
    if (outcome.reason !== null && failed !== undefined) {
      return { kind: "stopped", applied, begun, failed, reason: outcome.reason };
    }
    if (asks && last) shown[tool] = outcome.shown.length === questions.length ? outcome.shown : null;
  }
  return { kind: "applied", steps: applied, shown };
};
