import { randomUUID } from "node:crypto";
import type { Outcome } from "../../../host-trial/ports.ts";
import type { PlanThere } from "../../../host-trial/there/plan-script.ts";
import { PROGRAMS } from "../../../host-trial/there/scripts.ts";
import type { ChangedFile } from "../../../host-trial/trial.ts";
import { toLiveNetwork } from "../../../live-network/readings.ts";
import { askNetwork } from "../../../run/read-live-network.ts";
import { wrongWith } from "../../../survey/describe-drift.ts";
import { survey } from "../../../survey/survey.ts";
import { isFailure } from "../../../values/failure.ts";
import type { DescribedHost } from "../../genxml/input/host-network.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { onEachHost, worstOf } from "../hosts/each-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import type { OpenHost } from "../hosts/open-host.ts";
import { type HostResult, linesOf, renderResults } from "../hosts/results-table.ts";
import { readGuests } from "../this-host.ts";
import { beginThere, sessionThere } from "./begin-there.ts";
import { bootFiles } from "./boot-unit.ts";
import { commandsOfPlan, expectAble } from "./expect-able.ts";
import { followThere } from "./follow-there.ts";
import { type HostPlanOptions, isDone, renderHostPlan, showPlan, type ShownPlan } from "./plan-host.ts";
import { readWanted } from "./planned-host.ts";
import { COMMAND, readPhaseThere } from "./there.ts";
import { outcomeLines } from "./trial-here.ts";
import { sysctlsOf } from "./trial-sysctls.ts";
import { underWay } from "./trial-ending.ts";

/** What a trial of one host has come to. */
interface Tried {
  readonly plan: ShownPlan;
  /** NICs that differed before. */
  readonly wrongBefore: readonly string[];
  /** Null while it waits for its confirmation. */
  readonly end: Outcome | "nothing to do" | null;
}

type Options = Omit<HostPlanOptions, "json"> & {
  /** Seconds. */
  readonly timeout: number;
};

interface Nics {
  readonly taps: readonly string[];
  readonly wrong: readonly string[];
}

/** NICs of running guests, by whether they are right; none if libvirt does not answer, as on a host that has none. */
const readNics = async (open: OpenHost): Promise<Nics> => {
  try {
    const domains = await readGuests([], open);
    const { guests } = await open.look((host) => survey(domains, host));
    const nics = guests.flatMap((guest) =>
      guest.kind === "invalid"
        ? []
        : guest.nics.map(({ nic, state }) => ({
            tap: nic.tap,
            guest: guest.name,
            right: wrongWith(state).length === 0,
          })),
    );
    return {
      taps: nics.flatMap(({ tap, right }) => (right ? [tap] : [])),
      wrong: nics.flatMap(({ tap, guest, right }) => (right ? [] : [`${guest} ${tap}`])),
    };
  } catch (error) {
    if (isFailure(error)) return { taps: [], wrong: [] };
    throw error;
  }
};

const toPlanThere = async (
  wanted: DescribedHost,
  plan: ShownPlan,
  timeout: number,
  open: OpenHost,
): Promise<PlanThere> => {
  const { document, network } = wanted;
  const { files, run, look } = open;
  const nics = await readNics(open);
  const answers = await askNetwork({ run });
  const [boot, session, sysctls] = await Promise.all([
    files.read("/proc/sys/kernel/random/boot_id"),
    sessionThere(open),
    look((host) => Promise.resolve(sysctlsOf(network, plan.format, host.readSysctl))),
  ]);
  const changed: readonly ChangedFile[] = [
    ...bootFiles(COMMAND).map((one) => ({ ...one, existed: false, temporary: true })),
    ...plan.files.map(({ path, before, next }) => ({
      path,
      next,
      existed: before !== null,
      temporary: false,
    })),
  ];
  return {
    record: {
      ...{
        id: randomUUID(),
        format: plan.format,
        site: JSON.stringify(document.value),
        files: changed,
        timeout,
      },
      ...{ session, uri: open.uri, boot: (boot ?? "").trim(), before: Object.fromEntries(answers), sysctls },
      wrongBefore: nics.wrong,
    },
    commands: commandsOfPlan(wanted, plan),
    ...{ network, before: toLiveNetwork(answers, () => null), taps: nics.taps },
  };
};

const tryThere = async (
  wanted: DescribedHost,
  { timeout, ...options }: Options,
  open: OpenHost,
  on: string,
): Promise<Tried> => {
  if ((await readPhaseThere(open)) !== null) throw underWay(` on ${on}`);
  const plan = await open.look((host) =>
    showPlan(wanted, options, { run: host.run, readSysctl: host.readSysctl, files: open.by(host.run).files }),
  );
  if (isDone(plan)) return { plan, wrongBefore: [], end: "nothing to do" };
  await expectAble(commandsOfPlan(wanted, plan), PROGRAMS, open, ` on ${on}`);
  const there = await toPlanThere(wanted, plan, timeout, open);
  await beginThere(there, open, on);
  return { plan, wrongBefore: there.record.wrongBefore, end: await followThere(there, open, on) };
};

const stateOf = (end: Tried["end"], timeout: number): Pick<HostResult, "text" | "state"> => {
  if (end === "nothing to do") return { text: end, state: "good" };
  if (end === null)
    return { text: `matches host.json; put back in ${String(timeout)} s unless confirmed`, state: "todo" };
  return { text: end.kind === "confirmed" ? "kept" : "put back", state: "bad" };
};

/** How long connecting may take, and how long all that comes before the confirmation, in seconds. */
const CONNECT_S = 30;
const ALL_ENDS_S = 400;

/** `guestnet host try HOST` for other hosts, which are made alike. @returns 0 if each waits or has nothing to do, otherwise 1 */
export const hostTryOfHosts = async (
  file: string,
  { uris, color, ...options }: Options & Pick<ManyHosts, "uris"> & { readonly color: ColourWhen },
): Promise<0 | 1> => {
  const wanted = await readWanted(file);
  if (wanted === null) return 1;
  const hosts = { uris, timeout: ALL_ENDS_S, connect: CONNECT_S };
  const answers = await onEachHost("host try", hosts, (open, on) => tryThere(wanted, options, open, on));
  const resultOf = ({ plan, wrongBefore, end }: Tried): HostResult => ({
    ...stateOf(end, options.timeout),
    below: [
      ...(end === "nothing to do" ? [] : linesOf(renderHostPlan(plan))),
      ...wrongBefore.map((nic) => `NIC ${nic} differs already, and is not watched`),
      ...(end === null || end === "nothing to do" ? [] : outcomeLines(end)),
    ],
  });
  process.stdout.write(renderResults(answers, resultOf, { colour: coloursStdout(color) }));
  return worstOf(answers, ({ end }) => (end === null || end === "nothing to do" ? 0 : 1)) === 0 ? 0 : 1;
};
