import { survey } from "../../../survey/survey.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { type HostAnswer, type HostCode, onEachHost, worstOf } from "../hosts/each-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import type { OpenHost } from "../hosts/open-host.ts";
import { type HostResult, hostsJson, linesOf, renderResults } from "../hosts/results-table.ts";
import { readGuests } from "../this-host.ts";
import { counted } from "../../shared/counted.ts";
import { plansOf } from "./plan.ts";
import { nicsJson, type Planned, renderPlan } from "./render-plan.ts";

/** Returns what a host needs. @param names guests, which may run on other hosts; none for all */
export const planOf = async (names: readonly string[], open: OpenHost): Promise<Planned> => {
  const all = await readGuests([], open);
  const domains = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  return plansOf(await open.look((host) => survey(domains, host)));
};

/** Returns the number of commands of a plan. */
export const stepsOf = ({ plans }: Planned): number => plans.reduce((sum, { plan }) => sum + plan.length, 0);

const resultOf = (planned: Planned): HostResult => {
  const { plans, wrong } = planned;
  const below = [...(plans.length === 0 ? [] : linesOf(renderPlan(plans))), ...wrong];
  if (below.length === 0) return { text: "nothing to do", state: "good", below };
  return { text: counted(stepsOf(planned), "command"), state: "todo", below };
};

/** Returns the plans of all hosts in one table. */
export const renderPlans = (answers: readonly HostAnswer<Planned>[], color: ColourWhen): string =>
  renderResults(answers, resultOf, { colour: coloursStdout(color) });

const renderJson = (answers: readonly HostAnswer<Planned>[]): string => {
  const seen = answers.flatMap((one) => (one.kind === "seen" ? [one] : []));
  return `${JSON.stringify(
    {
      hosts: hostsJson(answers),
      nics: seen.flatMap(({ host, value }) => nicsJson(value.plans).map((nic) => ({ host, ...nic }))),
      notRepaired: seen.flatMap(({ host, value }) => value.wrong.map((text) => `${host}: ${text}`)),
    },
    null,
    2,
  )}\n`;
};

/** `guestnet plan` of several hosts. @returns the worst exit code of all */
export const planOfHosts = async (
  names: readonly string[],
  { json, color, ...hosts }: ManyHosts & { readonly json: boolean; readonly color: ColourWhen },
): Promise<HostCode> => {
  const answers = await onEachHost("plan", hosts, (open) => planOf(names, open));
  process.stdout.write(json ? renderJson(answers) : renderPlans(answers, color));
  return worstOf(answers, ({ plans, wrong }) => (plans.length + wrong.length === 0 ? 0 : 2));
};
