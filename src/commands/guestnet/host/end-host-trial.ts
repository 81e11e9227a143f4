import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../../../host-trial/ports.ts";
import { runTrial } from "../../../host-trial/run-trial.ts";
import { changePhase, readPhase, readTrial } from "../../../host-trial/trial.ts";
import { diskAt } from "./disk-at.ts";
import { SYSTEM } from "../../../run/virsh.ts";
import { expectRoot, openThisHost } from "../this-host.ts";
import { outcomeLines, planOfRecord, readOutcome, trialPorts } from "./trial-here.ts";
import { isUnitActive } from "./trial-unit.ts";
import { CONFIRM, hasEndedAs, noTrial, ROLLBACK, tooLate, unseen, type TrialEnding } from "./trial-ending.ts";

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
  throw unseen();
};

/** Ends the trial that is under way. @returns 0 if it has ended so, with nothing left to do, otherwise 1 */
const endBy = async (ending: TrialEnding): Promise<0 | 1> => {
  const { what, to, from } = ending;
  expectRoot(`host ${what}`);
  const disk = diskAt();
  const record = readTrial(disk);
  if (record === null || readPhase(disk) === null) throw noTrial(ending);
  if (!from.some((one) => changePhase(disk, one, to)) && readPhase(disk) !== to)
    throw tooLate(ending, readPhase(disk));
  const outcome = await waitForOutcome(record.id);
  process.stderr.write(`${outcomeLines(outcome).join("\n")}\n`);
  return hasEndedAs(outcome, ending) ? 0 : 1;
};

/** `guestnet host confirm`. @returns 0 if the network is kept, otherwise 1 */
export const hostConfirmCommand = (): Promise<0 | 1> => endBy(CONFIRM);

/** `guestnet host rollback`. @returns 0 if everything was put back, otherwise 1 */
export const hostRollbackCommand = (): Promise<0 | 1> => endBy(ROLLBACK);
