import { RECORD } from "../trial.ts";
import look from "./look.sh";
import { type PlanThere, renderPlan } from "./plan-script.ts";
import restore from "./restore.sh";
import trial from "./trial.sh";

/** Files of a trial's directory, by their names: its record, its scripts and the new files, without backups and phase. */
export const recordFiles = (plan: PlanThere): ReadonlyMap<string, string> =>
  new Map([
    [RECORD, JSON.stringify(plan.record)],
    ["plan.sh", renderPlan(plan)],
    ["look.sh", look],
    ["restore.sh", restore],
    ["trial.sh", trial],
    ...plan.record.files.flatMap(({ next }, index) =>
      next !== null && "text" in next ? [[`new.${String(index)}`, next.text] as const] : [],
    ),
  ]);

/** Programs that the scripts run, beside a shell's own. */
export const PROGRAMS = [
  ...[
    "awk",
    "bridge",
    "cat",
    "chmod",
    "chown",
    "cp",
    "cut",
    "grep",
    "head",
    "ip",
    "ln",
    "mkdir",
    "mv",
    "paste",
  ],
  ...["readlink", "rm", "sed", "sleep", "sort", "sync", "tail", "timeout", "tr"],
] as const;
