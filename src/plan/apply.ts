import type { Applied, Plan, Step, Tool } from "../model/change.ts";
import type { Host } from "../model/host.ts";

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

/** How many steps of a group were made, and why it went no further. */
interface Outcome {
  readonly made: number;
  readonly reason: string | null;
}

/** `ip -batch` and `bridge -batch` stop at the first line that fails and name it: line N is step N. */
const runBatch = async (tool: "ip" | "bridge", steps: readonly Step[], host: Host): Promise<Outcome> => {
  const ran = await host.run(tool, ["-batch", "-"], `${steps.map((step) => step.line).join("\n")}\n`);
  if (ran.code === 0) return { made: steps.length, reason: null };
  const line = /^Command failed -:(\d+)$/m.exec(ran.stderr)?.[1];
  const said = ran.stderr
    .replace(/^Command failed .*$/m, "")
    .trim()
    .split("\n")
    .join("; ");
  return {
    made: line === undefined ? 0 : Number(line) - 1,
    reason: said === "" ? `${tool} ended with status ${String(ran.code)}` : said,
  };
};

const runNft = async (steps: readonly Step[], host: Host): Promise<Outcome> => {
  const ran = await host.run("nft", ["-f", "-"], `${steps.map((step) => step.line).join("\n")}\n`);
  if (ran.code === 0) return { made: steps.length, reason: null };
  const [said = ""] = ran.stderr.trim().split("\n");
  return { made: 0, reason: said === "" ? `nft ended with status ${ran.code}` : said };
};

const writeSysctls = (steps: readonly Step[], host: Host): Outcome => {
  for (const [made, { line }] of steps.entries()) {
    const [name = "", value = ""] = line.split("=", 2);
    try {
      host.writeSysctl(name, value);
    } catch (error) {
      return { made, reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return { made: steps.length, reason: null };
};

const runGroup = ({ tool, steps }: Group, host: Host): Promise<Outcome> | Outcome => {
  switch (tool) {
    case "ip":
    case "bridge":
      return runBatch(tool, steps, host);
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

/** Makes the steps in order and stops at the first that fails. Rejects only when a tool cannot be started. */
export const apply = async (plan: Plan, host: Host): Promise<Applied> => {
  let applied = 0;
  for (const steps of group(plan)) {
    const { made, reason } = await runGroup(steps, host);
    applied += made;
    const failed = steps.steps[made];
    if (reason !== null && failed !== undefined) return { kind: "stopped", applied, failed, reason };
  }
  return { kind: "applied", steps: applied };
};
