import { never } from "../../../values/brand.ts";
import type { Command } from "../../../kernel/facts/command.ts";
import { reasonOf } from "../../../survey/describe-drift.ts";
import type { Plan } from "../../../kernel/facts/step.ts";

/** The steps that one NIC needs. */
export interface NicPlan {
  readonly guest: string;
  readonly tap: string;
  readonly plan: Plan;
}

/** Returns the repairs of apply, and the problems that it does not repair. */
export interface Planned {
  readonly plans: readonly NicPlan[];
  readonly wrong: readonly string[];
}

/** A step as a command that can be pasted into a shell. */
const shellLine = (one: Command): string => {
  switch (one.tool) {
    case "ip":
    case "bridge":
      return `${one.tool} ${one.command}`;
    case "sysctl":
      return `sysctl -w ${one.command.name}=${one.command.value}`;
    case "sysfs":
      return `echo ${one.command.value} >/sys/${one.command.name}`;
    case "nft":
      return `nft '${one.command}'`;
    default:
      return never(one);
  }
};

/** The column where reasons begin, for commands that are shorter. */
const REASONS_AT = 60;

/** The plan as a script: a comment for each NIC, a command for each step, and why. */
export const renderPlan = (plans: readonly NicPlan[]): string =>
  plans
    .map(({ guest, tap, plan }) => {
      const lines = plan.map((step) => `${shellLine(step).padEnd(REASONS_AT)}  # ${reasonOf(step)}`);
      return `# guest ${guest.replaceAll(/\s/g, " ")}, NIC ${tap}\n${lines.join("\n")}\n`;
    })
    .join("\n");

/** Returns plans for JSON. */
export const nicsJson = (plans: readonly NicPlan[]) =>
  plans.map(({ guest, tap, plan }) => ({
    guest,
    nic: tap,
    commands: plan.map((step) => ({ command: shellLine(step), reason: reasonOf(step) })),
  }));

/** Returns the plan as JSON. The shape is promised in docs/reference/guestnet.md: keys are added, never changed. */
export const renderPlanJson = ({ plans, wrong }: Planned): string =>
  `${JSON.stringify({ nics: nicsJson(plans), notRepaired: wrong }, null, 2)}\n`;
