import type { HostFormat } from "../../../host-network/format-names.ts";
import { type Difference, differenceText } from "../../../host-trial/differences.ts";
import type { Run } from "../../../kernel/host.ts";
import type { DescribedHost } from "../../genxml/input/host-network.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { type HostAnswer, type HostCode, onEachHost, worstOf } from "../hosts/each-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import { type HostResult, hostsJson, linesOf, renderResults } from "../hosts/results-table.ts";
import { counted } from "../../shared/counted.ts";
import { filesHere } from "../system/files-here.ts";
import { openThisHost } from "../this-host.ts";
import {
  type FileChange,
  type ReadableHost,
  planHost,
  type PlannedHost,
  readWanted,
  warnOf,
} from "./planned-host.ts";

export interface HostPlanOptions {
  readonly format: HostFormat | null;
  readonly remove: readonly string[];
  readonly json: boolean;
}

/** A file that changes, with its difference as diff(1) prints it. */
interface ShownChange extends FileChange {
  readonly diff: string;
}

/** A plan with what people read of its files. */
export interface ShownPlan extends PlannedHost {
  readonly files: readonly ShownChange[];
}

const NOTHING = "/dev/null";

/** Returns the unified difference of a file, by diff(1) of diffutils. */
const diffOf = async ({ path, before, next }: FileChange, run: Run): Promise<string> => {
  const from = before === null ? NOTHING : path;
  const to = next === null ? NOTHING : "-";
  const labels = [from, next === null ? NOTHING : path].flatMap((label) => ["--label", label]);
  const ran = await run("diff", ["-u", ...labels, "--", from, to], next?.text ?? "");
  return ran.stdout;
};

/** Returns the plan of a host with the differences of its files. */
export const showPlan = async (
  wanted: DescribedHost,
  { format, remove }: Pick<HostPlanOptions, "format" | "remove">,
  looked: ReadableHost,
): Promise<ShownPlan> => {
  const plan = await planHost(wanted, format, remove, looked);
  const files: ShownChange[] = [];
  for (const change of plan.files) files.push({ ...change, diff: await diffOf(change, looked.run) });
  return { ...plan, files };
};

const kindOf = ({ before, next }: FileChange): "new" | "changed" | "removed" =>
  next === null ? "removed" : before === null ? "new" : "changed";

/** A file whose permissions alone change has no difference of text. */
const fileText = (change: ShownChange): string =>
  change.diff === "" ? `mode of ${change.path}: ${(change.next?.mode ?? 0).toString(8)}\n` : change.diff;

/** Returns a plan for people: the files by diff(1), then what of the running host differs. */
export const renderHostPlan = ({ files, differences }: ShownPlan): string =>
  [...files.map(fileText), ...differences.map((one) => `${differenceText(one)}\n`)].join("");

export const isDone = ({ files, differences }: PlannedHost): boolean =>
  files.length + differences.length === 0;

const planJson = ({ format, files, differences }: ShownPlan): object => ({
  format,
  files: files.map((change) => ({ path: change.path, change: kindOf(change), diff: change.diff })),
  differences: differences.map(({ device, what, found, wanted }: Difference) => ({
    device,
    what,
    found,
    wanted,
  })),
});

const toJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const ALL_ENDS_MS = 30_000;

/** This host, as a plan reads it. */
export const readableHere = (what: string, uri: string): ReadableHost => {
  const { host } = openThisHost(what, uri, ALL_ENDS_MS);
  return { run: host.run, readSysctl: host.readSysctl, files: filesHere };
};

/** `guestnet host plan HOST`. @returns 0 for nothing to do, 1 for a wrong host.json, 2 for something to do */
export const hostPlanCommand = async (
  file: string,
  uri: string,
  { json, ...options }: HostPlanOptions,
): Promise<HostCode> => {
  const wanted = await readWanted(file);
  if (wanted === null) return 1;
  const plan = await showPlan(wanted, options, readableHere("host plan", uri));
  warnOf(wanted, plan.format);
  if (json) process.stdout.write(toJson(planJson(plan)));
  else process.stdout.write(renderHostPlan(plan));
  if (isDone(plan) && !json) process.stderr.write("nothing to do\n");
  return isDone(plan) ? 0 : 2;
};

const resultOf = (plan: ShownPlan): HostResult =>
  isDone(plan)
    ? { text: "nothing to do", state: "good", below: [] }
    : {
        text: `${counted(plan.files.length, "file")}, ${counted(plan.differences.length, "difference")}`,
        state: "todo",
        below: linesOf(renderHostPlan(plan)),
      };

const jsonOf = (answers: readonly HostAnswer<ShownPlan>[]): string =>
  toJson({
    hosts: hostsJson(answers),
    plans: answers.flatMap((one) =>
      one.kind === "seen" ? [{ host: one.host, ...planJson(one.value) }] : [],
    ),
  });

/** `guestnet host plan HOST` for other hosts, which are made alike. @returns the worst exit code of all */
export const hostPlanOfHosts = async (
  file: string,
  { json, format, remove, color, ...hosts }: HostPlanOptions & ManyHosts & { readonly color: ColourWhen },
): Promise<HostCode> => {
  const wanted = await readWanted(file);
  if (wanted === null) return 1;
  const answers = await onEachHost("host plan", hosts, (open) =>
    open.look((host) =>
      showPlan(
        wanted,
        { format, remove },
        { run: host.run, readSysctl: host.readSysctl, files: open.by(host.run).files },
      ),
    ),
  );
  process.stdout.write(
    json ? jsonOf(answers) : renderResults(answers, resultOf, { colour: coloursStdout(color) }),
  );
  return worstOf(answers, (plan) => (isDone(plan) ? 0 : 2));
};
