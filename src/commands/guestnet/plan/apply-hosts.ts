import { type HostUri, writtenUri } from "../../../run/host-uri.ts";
import { repairThere } from "../../../survey/repair-there.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { type HostCode, onEachHost, worstOf } from "../hosts/each-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import type { OpenHost } from "../hosts/open-host.ts";
import { type HostResult, renderResults } from "../hosts/results-table.ts";
import { whileChanging } from "../hosts/while-changing.ts";
import { confirm } from "./confirm.ts";
import { counted } from "../../shared/counted.ts";
import { planOf, renderPlans, stepsOf } from "./plan-hosts.ts";
import type { Planned } from "./render-plan.ts";

/** What became of one host: commands that ran, and what is still wrong. */
interface Repaired {
  readonly done: number;
  readonly wrong: readonly string[];
}

/** Other programs act on the same devices, such as udev: what they undo is made once more. */
const ROUNDS = 2;

/** Repairs NIC after NIC, and looks again: one that cannot be repaired keeps no other from it. */
const repairRounds = async (first: Planned, names: readonly string[], open: OpenHost): Promise<Repaired> => {
  let done = 0;
  let seen = first;
  const failed = new Map<string, string>();
  for (let round = 0; ; round += 1) {
    const left = seen.plans.filter(({ tap }) => !failed.has(tap));
    if (left.length === 0 || round === ROUNDS) {
      const still = left.map(
        ({ guest, tap }) => `guest ${guest}: NIC ${tap}: still differs after the repair`,
      );
      return { done, wrong: [...seen.wrong, ...failed.values(), ...still] };
    }
    for (const { guest, tap, plan } of left) {
      const repaired = await repairThere(plan, open.chain);
      done += repaired.done.length;
      if (repaired.wrong !== null) failed.set(tap, `guest ${guest}: NIC ${tap}: ${repaired.wrong}`);
    }
    seen = await planOf(names, open);
  }
};

const repairAll = async (names: readonly string[], uri: HostUri, open: OpenHost): Promise<Repaired> => {
  const first = await planOf(names, open);
  if (first.plans.length === 0) return { done: 0, wrong: first.wrong };
  return whileChanging(
    repairRounds(first, names, open),
    "the repair of a NIC that has begun there runs to its end",
    `guestnet plan --host ${writtenUri(uri)}`,
  );
};

const resultOf = ({ done, wrong }: Repaired): HostResult => ({
  text: done === 0 && wrong.length === 0 ? "nothing to do" : `${counted(done, "command")} run`,
  state: wrong.length === 0 ? "good" : "bad",
  below: wrong,
});

/** `guestnet apply` to several hosts. @returns the worst exit code of all; 2 if it was declined */
export const applyToHosts = async (
  names: readonly string[],
  { yes, color, ...hosts }: ManyHosts & { readonly yes: boolean; readonly color: ColourWhen },
): Promise<HostCode> => {
  if (!yes) {
    const planned = await onEachHost("plan", hosts, (open) => planOf(names, open));
    process.stdout.write(renderPlans(planned, color));
    const steps = planned.reduce((sum, one) => sum + (one.kind === "seen" ? stepsOf(one.value) : 0), 0);
    if (steps === 0) return worstOf(planned, ({ wrong }) => (wrong.length === 0 ? 0 : 1));
    if (!(await confirm(`Run ${counted(steps, "command")}?`))) {
      process.stderr.write("nothing was changed\n");
      return 2;
    }
  }
  const answers = await onEachHost("apply", hosts, (open, _, uri) => repairAll(names, uri, open));
  process.stdout.write(renderResults(answers, resultOf, { colour: coloursStdout(color) }));
  return worstOf(answers, ({ wrong }) => (wrong.length === 0 ? 0 : 1));
};
