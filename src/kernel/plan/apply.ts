import { messageOf } from "../../values/error-text.ts";
import {
  type Answers,
  type AskingTool,
  batchError,
  failedLines,
  JSON_OPTIONS,
  type Question,
  questionLine,
  readAnswers,
} from "../facts/question.ts";
import { type Command, commandText, type Tool } from "../facts/command.ts";
import type { Applied, Plan } from "../facts/step.ts";
import type { Host } from "../host.ts";

/** Neighbouring commands of one tool: they are one process, or writes below /proc/sys or /sys. */
interface Batch {
  readonly tool: Tool;
  readonly commands: readonly Command[];
}

const toBatches = (plan: Plan): readonly Batch[] => {
  const batches: { tool: Tool; commands: Command[] }[] = [];
  for (const step of plan) {
    const open = batches.at(-1);
    if (open?.tool === step.tool) open.commands.push(step);
    else batches.push({ tool: step.tool, commands: [step] });
  }
  return batches;
};

/** The progress of a batch. */
interface Progress {
  readonly made: number;
  /** Upper bound of the changes: more than `made` if the tool was ended before it reported. */
  readonly begun: number;
  /** Why it went no further; null when it is through. */
  readonly reason: string | null;
  /** The tool's answers at the end. */
  readonly answers: Answers;
}

const allOf = ({ length }: readonly Command[]): Progress => ({
  made: length,
  begun: length,
  reason: null,
  answers: [],
});

/**
 * `ip -batch` and `bridge -batch` stop at the first line that fails and name it: line N is step N. The questions ride
 * along behind the changes, so that looking again costs no process of its own.
 */
const runLines = async (
  tool: AskingTool,
  commands: readonly Command[],
  questions: readonly Question[],
  host: Host,
): Promise<Progress> => {
  const lines = [...commands.map(commandText), ...questions.map(questionLine)];
  const options = questions.length === 0 ? [] : JSON_OPTIONS[tool];
  const ran = await host.run(tool, [...options, "-batch", "-"], `${lines.join("\n")}\n`);
  const asked = questions.map((_, index) => commands.length + index);
  if (ran.code === 0) return { ...allOf(commands), answers: readAnswers(ran.stdout, ran.stderr, asked) };
  const [line] = failedLines(ran.stderr);
  // A question that failed is about a device that has just gone; what was asked after it has no answer.
  if (line !== undefined && line >= commands.length) return allOf(commands);
  const said = batchError(ran.stderr);
  return {
    made: line ?? 0,
    begun: line ?? commands.length,
    reason: said === "" ? `${tool} ended with status ${ran.code}` : said,
    answers: [],
  };
};

const runNft = async (commands: readonly Command[], host: Host): Promise<Progress> => {
  const ran = await host.run("nft", ["-f", "-"], `${commands.map(commandText).join("\n")}\n`);
  if (ran.code === 0) return allOf(commands);
  const [said = ""] = ran.stderr.trim().split("\n");
  const reason = said === "" ? `nft ended with status ${ran.code}` : said;
  return { made: 0, begun: 0, reason, answers: [] };
};

const writeFiles = (commands: readonly Command[], write: Host["writeSysfs"]): Progress => {
  for (const [made, { command }] of commands.entries()) {
    if (typeof command === "string") throw new Error(`${command} is not a file to write`);
    try {
      write(command.name, command.value);
    } catch (error) {
      const reason = messageOf(error);
      return { made, begun: made, reason, answers: [] };
    }
  }
  return allOf(commands);
};

const runBatch = (
  { tool, commands }: Batch,
  questions: readonly Question[],
  host: Host,
): Promise<Progress> | Progress => {
  switch (tool) {
    case "ip":
    case "bridge":
      return runLines(tool, commands, questions, host);
    case "nft":
      return runNft(commands, host);
    case "sysctl":
      return writeFiles(commands, host.writeSysctl);
    case "sysfs":
      return writeFiles(commands, host.writeSysfs);
  }
};

/**
 * Makes the steps in order and stops at the first that fails. Rejects only when a tool cannot be started.
 *
 * @param questions what each tool is asked behind its last change
 */
export const apply = async (
  plan: Plan,
  questions: Readonly<Record<AskingTool, readonly Question[]>>,
  host: Host,
): Promise<Applied> => {
  const batches = toBatches(plan);
  const answers: { ip: Answers | null; bridge: Answers | null } = { ip: null, bridge: null };
  let applied = 0;
  for (const [index, batch] of batches.entries()) {
    const { tool } = batch;
    const last = !batches.slice(index + 1).some((later) => later.tool === tool);
    const asks = tool === "ip" || tool === "bridge";
    const asked = asks && last ? questions[tool] : [];
    const progress = await runBatch(batch, asked, host);
    const begun = applied + progress.begun;
    applied += progress.made;
    const failed = plan[applied];
    if (progress.reason !== null && failed !== undefined) {
      return { kind: "stopped", applied, begun, failed, reason: progress.reason };
    }
    if (asks && last) answers[tool] = progress.answers.length === asked.length ? progress.answers : null;
  }
  return { kind: "applied", steps: applied, answers };
};

/**
 * Takes back, last first, what was made and would stay; `-force` ignores what was not made after all. It never rejects:
 * the report is about the original failure, and release and the next prepare remove what remains.
 */
export const undo = async (made: Plan, host: Host): Promise<void> => {
  const lines = made.flatMap((step) => step.undo ?? []).reverse();
  if (lines.length === 0) return;
  await host.run("ip", ["-force", "-batch", "-"], `${lines.join("\n")}\n`).catch(() => undefined);
};
