import { type Command, commandText, type Tool } from "../kernel/facts/command.ts";
import { batchError, failedLines } from "../kernel/facts/question.ts";
import type { Plan, Step } from "../kernel/facts/step.ts";
import type { Program, Ran, RunChain } from "../kernel/host.ts";
import { describeStep } from "../kernel/plan/describe.ts";
import type { Repaired } from "./repair.ts";

/** Steps that one program makes. */
interface Batch {
  readonly program: Program;
  readonly steps: readonly Step[];
}

const FILES: Readonly<Record<"sysctl" | "sysfs", string>> = { sysctl: "/proc/sys", sysfs: "/sys" };

const isLine = ({ tool }: Command): boolean => tool !== "sysctl" && tool !== "sysfs";

const linesProgram = (file: Exclude<Tool, "sysctl" | "sysfs">, commands: readonly Command[]): Program => ({
  file,
  args: file === "nft" ? ["-f", "-"] : ["-batch", "-"],
  stdin: `${commands.map(commandText).join("\n")}\n`,
});

/** Returns the programs that make a plan: steps of one tool side by side are one, a file below /proc/sys or /sys is one each. */
const batchesOf = (plan: Plan): readonly Batch[] => {
  const groups: [Step, ...Step[]][] = [];
  for (const step of plan) {
    const open = groups.at(-1);
    if (isLine(step) && open?.[0].tool === step.tool) open.push(step);
    else groups.push([step]);
  }
  return groups.map((steps) => {
    const [{ tool, command }] = steps;
    return tool === "sysctl" || tool === "sysfs"
      ? { steps, program: { file: "tee", args: [`${FILES[tool]}/${command.name}`], stdin: command.value } }
      : { steps, program: linesProgram(tool, steps) };
  });
};

/** `ip -batch` and `bridge -batch` name the line that failed: `Command failed -:3`. nft makes all or nothing. */
const madeOf = ({ program, steps }: Batch, { code, stderr }: Ran): number => {
  if (code === 0) return steps.length;
  const [line] = failedLines(stderr);
  return program.file === "nft" ? 0 : (line ?? 0);
};

const reasonOf = ({ program }: Batch, { code, stderr }: Ran): string => {
  const said = batchError(stderr);
  return said === "" ? `${program.file} ended with status ${String(code)}` : said;
};

/**
 * Makes the plan of one NIC on another host, in one chain: what arrives there is made to its end, or to the first step that fails.
 * What such a step leaves is taken back.
 */
export const repairThere = async (plan: Plan, chain: RunChain): Promise<Repaired> => {
  const batches = batchesOf(plan);
  const ran = await chain(batches.map(({ program }) => program));
  const made = batches.flatMap((batch, at) => {
    const one = ran[at];
    return one === undefined ? [] : batch.steps.slice(0, madeOf(batch, one));
  });
  const done = made.map(commandText);
  const [batch, last] = [batches[ran.length - 1], ran.at(-1)];
  if (batch === undefined || last === undefined || last.code === 0) return { done, wrong: null };
  const undo = made.flatMap((step) => step.undo ?? []).reverse();
  if (undo.length > 0)
    await chain([{ file: "ip", args: ["-force", "-batch", "-"], stdin: `${undo.join("\n")}\n` }]);
  const failed = batch.steps[madeOf(batch, last)];
  const what = failed === undefined ? batch.program.file : describeStep(failed);
  return { done, wrong: `${what}: ${reasonOf(batch, last)}` };
};
