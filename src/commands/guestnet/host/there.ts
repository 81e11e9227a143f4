import type { Outcome } from "../../../host-trial/ports.ts";
import {
  DIRECTORY,
  type Phase,
  phaseFile,
  phaseIn,
  RECORD,
  type TrialRecord,
} from "../../../host-trial/trial.ts";
import type { HostSystem } from "../system/files.ts";
import { OUTCOME, toOutcome } from "./trial-here.ts";

// A trial of another host: its record is where one of this host is, so that each host has one trial at a time, from there or from here.

/** What runs the trial there. */
export const COMMAND = ["/bin/sh", `${DIRECTORY}/trial.sh`] as const;

export const readPhaseThere = async ({ files }: Pick<HostSystem, "files">): Promise<Phase | null> =>
  phaseIn(await files.names(DIRECTORY));

export const readRecordThere = async ({ files }: Pick<HostSystem, "files">): Promise<TrialRecord | null> => {
  const text = await files.read(`${DIRECTORY}/${RECORD}`);
  return text === null ? null : (JSON.parse(text) as TrialRecord);
};

const MOVE = 'mv -T -- "$1" "$2" && sync -- "${2%/*}"';

/** Goes from one phase to another. @returns false if the trial is in another phase by now */
export const changePhaseThere = async (
  from: Phase,
  to: Phase,
  { run }: Pick<HostSystem, "run">,
): Promise<boolean> => (await run("sh", ["-c", MOVE, "sh", phaseFile(from), phaseFile(to)])).code === 0;

/** Returns what became of a trial; null if it is not known (yet). */
export const readOutcomeThere = async (
  id: string,
  { files }: Pick<HostSystem, "files">,
): Promise<Outcome | null> => toOutcome((await files.read(OUTCOME)) ?? "", id);
