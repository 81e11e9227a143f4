import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../../../host-trial/ports.ts";
import { runTrial } from "../../../host-trial/run-trial.ts";
import { changePhase, type Phase, readPhase, readTrial } from "../../../host-trial/trial.ts";
import { diskAt } from "./disk-at.ts";
import { SYSTEM } from "../../../run/virsh.ts";
import { Failure } from "../../../values/failure.ts";
import { expectRoot, openThisHost } from "../this-host.ts";
import { outcomeText, planOfRecord, readOutcome, trialPorts } from "./trial-here.ts";
import { isUnitActive } from "./trial-unit.ts";

const LOOK_MS = 200;
const ENDS_MS = 180_000;

/** `guestnet host resume`: the trial itself. @returns 0, also for a network that was put back: systemd runs a unit again that failed */
export const hostResumeCommand = async (): Promise<0> => {
  expectRoot("host resume");
  const record = readTrial(diskAt());
  if (record === null) {
    process.stderr.write("no trial is under way\n");
    return 0;
  }
  await runTrial(planOfRecord, trialPorts(record.uri));
  return 0;
};

const waitForOutcome = async (id: string): Promise<Outcome> => {
  const { host } = openThisHost("host", SYSTEM, ENDS_MS);
  const disk = diskAt();
  for (let waited = 0; waited < ENDS_MS; waited += LOOK_MS) {
    const outcome = readOutcome(id);
    if (outcome !== null) return outcome;
    // Its unit is gone, with its process: then the end is up to this one.
    if (readPhase(disk) !== null && !(await isUnitActive(host.run))) {
      const own = await runTrial(planOfRecord, trialPorts(readTrial(disk)?.uri ?? SYSTEM));
      if (own !== null) return own;
    }
    await sleep(LOOK_MS);
  }
  throw new Failure("cannot see how the trial ends", "journalctl -u guestnet-host-trial");
};

/** Ends the trial that is under way. @returns what became of it */
const endBy = async (what: "confirm" | "rollback", to: Phase, from: readonly Phase[]): Promise<Outcome> => {
  expectRoot(`host ${what}`);
  const disk = diskAt();
  const record = readTrial(disk);
  if (record === null || readPhase(disk) === null)
    throw new Failure(`cannot ${what}: no trial is under way`, "guestnet host try host.json");
  if (!from.some((phase) => changePhase(disk, phase, to)) && readPhase(disk) !== to)
    throw new Failure(
      `cannot ${what}: the trial is ${readPhase(disk) ?? "at its end"}`,
      "journalctl -u guestnet-host-trial",
    );
  return waitForOutcome(record.id);
};

/** `guestnet host confirm`. @returns 0 if the network is kept, otherwise 1 */
export const hostConfirmCommand = async (): Promise<0 | 1> => {
  const outcome = await endBy("confirm", "confirmed", ["waiting"]);
  process.stderr.write(`${outcomeText(outcome)}\n`);
  return outcome.kind === "confirmed" && outcome.wrong.length === 0 ? 0 : 1;
};

/** `guestnet host rollback`. @returns 0 if everything was put back, otherwise 1 */
export const hostRollbackCommand = async (): Promise<0 | 1> => {
  const outcome = await endBy("rollback", "rolling-back", ["waiting", "changing", "ready"]);
  process.stderr.write(`${outcomeText(outcome)}\n`);
  return outcome.kind === "rolled-back" && outcome.left.length === 0 ? 0 : 1;
};
