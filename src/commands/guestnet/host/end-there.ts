import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../../../host-trial/ports.ts";
import { Failure } from "../../../values/failure.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { type HostCode, onEachHost, worstOf } from "../hosts/each-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import type { OpenHost } from "../hosts/open-host.ts";
import { type HostResult, renderResults } from "../hosts/results-table.ts";
import { exists } from "../system/files.ts";
import { changePhaseThere, COMMAND, readOutcomeThere, readPhaseThere, readRecordThere } from "./there.ts";
import { outcomeLines } from "./trial-here.ts";
import { isUnitActive, startUnit } from "./trial-unit.ts";
import { CONFIRM, hasEndedAs, noTrial, ROLLBACK, tooLate, type TrialEnding } from "./trial-ending.ts";

const LOOK_MS = 200;
/** How long connecting may take, in seconds. */
const CONNECT_S = 30;

/** Has the trial go on whose process is gone; one that guestnet has started on the host itself is ended there. */
const goOn = async (open: OpenHost, on: string): Promise<void> => {
  if (await exists(open.files, COMMAND[1])) return startUnit(COMMAND, open.run);
  // It may just have ended.
  if ((await readPhaseThere(open)) === null) return;
  throw new Failure(`cannot end the trial on ${on}: its process is gone`, `guestnet host rollback, on ${on}`);
};

/** Waits until the trial has ended, and nothing is left of its record. */
const waitForOutcome = async (id: string, open: OpenHost, on: string): Promise<Outcome> => {
  for (;;) {
    const [outcome, phase] = await Promise.all([readOutcomeThere(id, open), readPhaseThere(open)]);
    if (outcome !== null && phase === null) return outcome;
    if (phase !== null && !(await isUnitActive(open.run))) await goOn(open, on);
    await sleep(LOOK_MS);
  }
};

const endThere = async (ending: TrialEnding, open: OpenHost, on: string): Promise<Outcome> => {
  const { to, from } = ending;
  const [record, phase] = await Promise.all([readRecordThere(open), readPhaseThere(open)]);
  if (record === null || phase === null) throw noTrial(ending, ` on ${on}`);
  let isChanged = false;
  for (const one of from) isChanged ||= await changePhaseThere(one, to, open);
  if (!isChanged) {
    const now = await readPhaseThere(open);
    if (now !== to) throw tooLate(ending, now, ` on ${on}`);
  }
  return waitForOutcome(record.id, open, on);
};

type Options = ManyHosts & { readonly color: ColourWhen };

const endOnHosts = async (ending: TrialEnding, { uris, timeout, color }: Options): Promise<HostCode> => {
  const hosts = { uris, timeout, connect: Math.min(timeout, CONNECT_S) };
  const answers = await onEachHost(`host ${ending.what}`, hosts, (open, on) => endThere(ending, open, on));
  const resultOf = (outcome: Outcome): HostResult => {
    const [text, ...below] = outcomeLines(outcome);
    return { text, state: hasEndedAs(outcome, ending) ? "good" : "bad", below };
  };
  process.stdout.write(renderResults(answers, resultOf, { colour: coloursStdout(color) }));
  return worstOf(answers, (outcome) => (hasEndedAs(outcome, ending) ? 0 : 1));
};

/** `guestnet host confirm` for other hosts. @returns 0 if each is kept, otherwise 1 */
export const confirmOnHosts = (options: Options): Promise<HostCode> => endOnHosts(CONFIRM, options);

/** `guestnet host rollback` for other hosts. @returns 0 if each was put back, otherwise 1 */
export const rollbackOnHosts = (options: Options): Promise<HostCode> => endOnHosts(ROLLBACK, options);
