import type { Applied, Plan, Step, Tool } from "../model/change.ts";
import type { Answers, AskingTool } from "../model/answers.ts";
import type { Host } from "../model/host.ts";
import { failedLines, JSON_OPTIONS, readAnswers } from "../model/answers.ts";

interface Group {
  readonly tool: Tool;
  readonly steps: Step[];
}

/** Neighbouring lines of one tool are one process. */
const group = (plan: Plan): readonly Group[] => {
  const groups: Group[] = [];
  for (const step of plan) {
    const open = groups.at(-1);
    if (open?.tool === step.tool) open.steps.push(step);
    else groups.push({ tool: step.tool, steps: [step] });
  }
  return groups;
};

/** How many steps of a group were made, why it went no further, and what the tool showed at the end. */
interface Outcome {
  readonly made: number;
  readonly reason: string | null;
  readonly shown: Answers;
}

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
  if (ran.code === 0)
    return { made: steps.length, reason: null, shown: readAnswers(ran.stdout, ran.stderr, asked) };
  const [line] = failedLines(ran.stderr);
  // A question that failed is about a device that has just gone; what was asked after it, nobody knows.
  if (line !== undefined && line >= steps.length) return { made: steps.length, reason: null, shown: [] };
  const said = ran.stderr
    .replace(/^Command failed .*$/m, "")
    .trim()
    .split("\n")
    .join("; ");
  return {
    made: line ?? 0,
    reason: said === "" ? `${tool} ended with status ${ran.code}` : said,
    shown: [],
  };
};

const runNft = async (steps: readonly Step[], host: Host): Promise<Outcome> => {
  const ran = await host.run("nft", ["-f", "-"], `${steps.map((step) => step.line).join("\n")}\n`);
  if (ran.code === 0) return { made: steps.length, reason: null, shown: [] };
  const [said = ""] = ran.stderr.trim().split("\n");
  return { made: 0, reason: said === "" ? `nft ended with status ${ran.code}` : said, shown: [] };
};

const writeSysctls = (steps: readonly Step[], host: Host): Outcome => {
  for (const [made, { line }] of steps.entries()) {
    const [name = "", value = ""] = line.split("=", 2);
    try {
      host.writeSysctl(name, value);
    } catch (error) {
      return { made, reason: error instanceof Error ? error.message : String(error), shown: [] };
    }
  }
  return { made: steps.length, reason: null, shown: [] };
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
      return writeSysctls(steps, host);
  }
};

/** Takes back, last first, what was made and would stay. What cannot be taken back now, release and the next prepare see. */
export const undo = async (made: Plan, host: Host): Promise<void> => {
  const lines = made.flatMap((step) => step.undo ?? []).reverse();
  if (lines.length > 0) await host.run("ip", ["-force", "-batch", "-"], `${lines.join("\n")}\n`);
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
    applied += outcome.made;
    const failed = one.steps[outcome.made];
    if (outcome.reason !== null && failed !== undefined) {
      return { kind: "stopped", applied, failed, reason: outcome.reason };
    }
    if (asks && last) shown[tool] = outcome.shown.length === questions.length ? outcome.shown : null;
  }
  return { kind: "applied", steps: applied, shown };
};
