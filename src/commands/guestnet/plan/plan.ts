import { commandText } from "../../../kernel/facts/command.ts";
import type { Step } from "../../../kernel/facts/step.ts";
import { wrongWith } from "../../../survey/describe-drift.ts";
import { shareAnswers } from "../../../survey/shared-answers.ts";
import { type Survey, survey } from "../../../survey/survey.ts";
import { type ThisHost, openThisHost, readGuests } from "../this-host.ts";
import { type NicPlan, type Planned, renderPlan, renderPlanJson } from "./render-plan.ts";

const ALL_ENDS_MS = 30_000;

/** The plans of a survey. What two NICs share (a rule set) is in the first one's. */
export const plansOf = ({ guests }: Survey): Planned => {
  const seen = new Set<string>();
  const plans: NicPlan[] = [];
  const wrong: string[] = [];
  for (const guest of guests) {
    if (guest.kind === "invalid") {
      wrong.push(...guest.reasons.map((reason) => `guest ${guest.name}: ${reason}`));
      continue;
    }
    for (const { nic, state } of guest.nics) {
      if (state.kind === "blocked") {
        wrong.push(...wrongWith(state).map((reason) => `guest ${guest.name}: NIC ${nic.tap}: ${reason}`));
      }
      if (state.kind !== "drift") continue;
      const keyOf = (step: Step): string => `${step.tool} ${commandText(step)}`;
      const plan = state.plan.filter((step) => !seen.has(keyOf(step)));
      for (const step of plan) seen.add(keyOf(step));
      if (plan.length > 0) plans.push({ guest: guest.name, tap: nic.tap, plan });
    }
  }
  return { plans, wrong };
};

/** Looks at the guests of these names, or at all. */
export const surveyGuests = async (names: readonly string[], live: ThisHost): Promise<Survey> =>
  survey(await readGuests(names, live), shareAnswers(live.host));

/** Reports what apply does not repair. */
export const reportWrong = (wrong: readonly string[]): void => {
  for (const line of wrong) process.stderr.write(`${line}\n`);
};

export interface PlanOptions {
  readonly uri: string;
  readonly json: boolean;
}

/** `guestnet plan`. @returns 0 for nothing to do, 2 for something, be it by apply or by the administrator */
export const planCommand = async (names: readonly string[], { uri, json }: PlanOptions): Promise<0 | 2> => {
  const live = openThisHost("plan", uri, ALL_ENDS_MS);
  const planned = plansOf(await surveyGuests(names, live));
  const { plans, wrong } = planned;
  const isGood = wrong.length === 0 && plans.length === 0;
  if (json) process.stdout.write(renderPlanJson(planned));
  else {
    process.stdout.write(renderPlan(plans));
    reportWrong(wrong);
    if (isGood) process.stderr.write("nothing to do\n");
  }
  return isGood ? 0 : 2;
};
