import { repair } from "../../../survey/repair.ts";
import type { Survey } from "../../../survey/survey.ts";
import { whileShowing } from "../progress.ts";
import { type ThisHost, openThisHost } from "../this-host.ts";
import { confirm } from "./confirm.ts";
import { counted } from "../../shared/counted.ts";
import { plansOf, reportWrong, surveyGuests } from "./plan.ts";
import { renderPlan } from "./render-plan.ts";

export interface ApplyOptions {
  readonly uri: string;
  readonly yes: boolean;
}

const ALL_ENDS_MS = 300_000;

/** Repairs NIC after NIC: one that cannot be repaired keeps no other from it. */
const repairAll = async (
  { guests }: Survey,
  { host }: ThisHost,
  show: (text: string) => void,
): Promise<{ done: number; wrong: readonly string[] }> => {
  const wrong: string[] = [];
  let done = 0;
  for (const guest of guests) {
    for (const { nic, desired, state } of guest.kind === "read" ? guest.nics : []) {
      if (state.kind !== "drift") continue;
      show(`repairing NIC ${nic.tap} of guest ${guest.name}`);
      const repaired = await repair(desired, state, host);
      done += repaired.done.length;
      if (repaired.wrong !== null) wrong.push(`guest ${guest.name}: NIC ${nic.tap}: ${repaired.wrong}`);
    }
  }
  return { done, wrong };
};

/** `guestnet apply`. @returns 0 if everything is ok, 1 if a repair failed, 2 if it was declined */
export const applyCommand = async (
  names: readonly string[],
  { uri, yes }: ApplyOptions,
): Promise<0 | 1 | 2> => {
  const live = openThisHost("apply", uri, ALL_ENDS_MS);
  const found = await surveyGuests(names, live);
  const { plans, wrong } = plansOf(found);
  reportWrong(wrong);
  if (plans.length === 0) {
    process.stderr.write("nothing to do\n");
    return wrong.length > 0 ? 1 : 0;
  }
  process.stdout.write(renderPlan(plans));
  const steps = plans.reduce((sum, { plan }) => sum + plan.length, 0);
  if (!yes && !(await confirm(steps === 1 ? "Run this command?" : `Run these ${String(steps)} commands?`))) {
    process.stderr.write("nothing was changed\n");
    return 2;
  }
  const { done, wrong: failed } = await whileShowing(process.stderr, "", (show) =>
    repairAll(found, live, show),
  );
  reportWrong(failed);
  process.stderr.write(`${counted(done, "command")} run\n`);
  return wrong.length + failed.length > 0 ? 1 : 0;
};
