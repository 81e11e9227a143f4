import type { Ran } from "../kernel/host.ts";
import { lastLine, messageOf } from "../values/error-text.ts";
import type { DurableFiles } from "./durable-files.ts";
import { type Line, lineText } from "./managers.ts";
import type { Outcome, TrialPlan, TrialPorts } from "./ports.ts";
import { restore } from "./restore/restore.ts";
import { changePhase, endTrial, readPhase, restoreFiles, type TrialRecord } from "./trial.ts";

/** A manager may still be at work on what it was told. */
const RESTORES = 5;
const BETWEEN_RESTORES_MS = 1000;

const lastLineOf = ({ stderr, stdout }: Ran): string => lastLine(stderr.trim() === "" ? stdout : stderr);

/** Runs all of them, whatever becomes of each. @returns those that failed */
export const runAll = async (lines: readonly Line[], { run }: TrialPorts): Promise<readonly string[]> => {
  const wrong: string[] = [];
  for (const line of lines) {
    const ran = await run(line);
    if (ran.code !== 0) wrong.push(`${lineText(line)}: ${lastLineOf(ran)}`);
  }
  return wrong;
};

/** Makes the kernel's network what it was, where the manager has not. @returns what is left */
const restoreNetwork = async (plan: TrialPlan, ports: TrialPorts): Promise<readonly string[]> => {
  for (let round = 0; round < RESTORES; round++) {
    const lines = restore(plan.before, await ports.readNetwork(), plan.tried);
    // Twice nothing to do, with time for the manager in between.
    if (lines.length === 0 && round > 0) return [];
    await runAll(lines, ports);
    await ports.sleep(BETWEEN_RESTORES_MS);
  }
  return restore(plan.before, await ports.readNetwork(), plan.tried).map(lineText);
};

/** Puts kernel settings back, each whatever becomes of the others. @returns those that could not be */
const restoreSettings = (
  { sysctls }: TrialRecord,
  { writeSysctl }: Pick<TrialPorts, "writeSysctl">,
): readonly string[] =>
  Object.entries(sysctls).flatMap(([name, value]) => {
    try {
      writeSysctl(name, value);
      return [];
    } catch (error) {
      return [`${name} = ${value}: ${messageOf(error)}`];
    }
  });

/** Repairs the NICs that were right before. @returns what could not be repaired */
export const repairGuests = async (
  { wrongBefore }: TrialRecord,
  ports: TrialPorts,
): Promise<readonly string[]> => {
  const wrong = [...(await ports.wrongGuests()).keys()].filter((nic) => !wrongBefore.includes(nic));
  return wrong.length === 0 ? [] : ports.repairGuests(new Set(wrong));
};

/** One step of putting back: what fails keeps nothing else from it. @returns what is left */
const attempt = async (step: () => Promise<readonly string[]>): Promise<readonly string[]> => {
  try {
    return await step();
  } catch (error) {
    return [messageOf(error)];
  }
};

const ended = (outcome: Outcome, record: TrialRecord, { disk, publish }: TrialPorts): Outcome => {
  publish(outcome);
  endTrial(disk, record);
  return outcome;
};

/** Puts everything back. Can be done again, after it was stopped anywhere. */
export const putBack = async (
  record: TrialRecord,
  plan: TrialPlan,
  reason: string,
  ports: TrialPorts,
): Promise<Outcome> => {
  restoreFiles(ports.disk, record);
  // A manager that reports an error may have done its work: the look at the network decides.
  await attempt(() => runAll(plan.back, ports));
  const left = [
    ...restoreSettings(record, ports),
    ...(await attempt(() => restoreNetwork(plan, ports))),
    ...(await attempt(() => repairGuests(record, ports))),
  ];
  return ended({ kind: "rolled-back", id: record.id, reason, left }, record, ports);
};

/** Puts everything back early in the boot: no network manager has read the files yet, and only udev has set something. */
export const putBackAtBoot = async (
  record: TrialRecord,
  plan: TrialPlan,
  ports: TrialPorts,
): Promise<Outcome> => {
  restoreFiles(ports.disk, record);
  const failed = await runAll(plan.boot, ports);
  // At each device that comes it applies what sysctl.d had until then (99-systemd.rules).
  const left = [...failed, ...restoreSettings(record, ports)];
  return ended({ kind: "rolled-back", id: record.id, reason: "the host was restarted", left }, record, ports);
};

export const keep = async (record: TrialRecord, plan: TrialPlan, ports: TrialPorts): Promise<Outcome> => {
  const wrong = await runAll(plan.keep, ports);
  return ended({ kind: "confirmed", id: record.id, wrong }, record, ports);
};

/** Claims the right to put back, from whatever phase. @returns false if the trial was confirmed */
export const claimRollback = (disk: DurableFiles): boolean => {
  for (;;) {
    const phase = readPhase(disk);
    if (phase === null || phase === "confirmed") return false;
    if (phase === "rolling-back" || changePhase(disk, phase, "rolling-back")) return true;
  }
};
