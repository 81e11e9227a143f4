import { randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { renderHost } from "../../../host-network/render.ts";
import {
  beginTrial,
  type ChangedFile,
  endTrial,
  readPhase,
  type TrialRecord,
} from "../../../host-trial/trial.ts";
import { askNetwork } from "../../../run/read-live-network.ts";
import { diskAt } from "./disk-at.ts";
import { Failure } from "../../../values/failure.ts";
import type { DescribedHost } from "../../genxml/input/host-network.ts";
import { warn } from "../report.ts";
import { openThisHost } from "../this-host.ts";
import { bootFiles } from "./boot-unit.ts";
import { type HostPlanOptions, isDone, lookedAtHere, renderHostPlan, showPlan } from "./plan-host.ts";
import { readWanted, warnOf } from "./planned-host.ts";
import { sshSessionOf } from "./session.ts";
import { outcomeText, readOutcome, trialPorts } from "./trial-here.ts";
import { startUnit } from "./trial-unit.ts";

export interface HostTryOptions extends Omit<HostPlanOptions, "json"> {
  readonly uri: string;
  /** Seconds. */
  readonly timeout: number;
}

const ALL_ENDS_MS = 30_000;
const LOOK_MS = 200;
/** How long a manager and the host may take beside the timeout. */
const MORE_MS = 300_000;

const SYSCTLS = "etc/sysctl.d/";
const SETTING = /^(net\/\S+) = /gm;

/** Kernel settings that the new files set, with their present values. */
const sysctlsOf = (
  { network }: DescribedHost,
  format: TrialRecord["format"],
  readSysctl: (name: string) => string | null,
): Readonly<Record<string, string>> => {
  const texts = renderHost(network, format).filter(({ path }) => path.startsWith(SYSCTLS));
  const names = texts.flatMap(({ text }) => [...text.matchAll(SETTING)].map(([, name = ""]) => name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = readSysctl(name);
      return value === null ? [] : [[name, value] as const];
    }),
  );
};

const underWay = (): Failure =>
  new Failure("cannot start a trial: one is under way", "guestnet host confirm, or: guestnet host rollback");

/** Waits until the host is as host.json describes it, or was put back. @returns the exit code */
const follow = async ({ id, timeout }: TrialRecord): Promise<0 | 1> => {
  const disk = diskAt();
  for (let waited = 0; waited < timeout * 1000 + MORE_MS; waited += LOOK_MS) {
    const outcome = readOutcome(id);
    if (outcome !== null) {
      process.stderr.write(`${outcomeText(outcome)}\n`);
      return outcome.kind === "confirmed" && outcome.wrong.length === 0 ? 0 : 1;
    }
    if (readPhase(disk) === "waiting") {
      process.stderr.write(
        `the host matches host.json; it is put back in ${String(timeout)} s, unless you run: guestnet host confirm\n`,
      );
      return 0;
    }
    await sleep(LOOK_MS);
  }
  throw new Failure("cannot see how the trial ends", "journalctl -u guestnet-host-trial");
};

/** `guestnet host try HOST`. @returns 0 if the host waits for its confirmation or there is nothing to do, otherwise 1 */
export const hostTryCommand = async (
  file: string,
  { uri, timeout, ...options }: HostTryOptions,
): Promise<0 | 1> => {
  const wanted = await readWanted(file);
  if (wanted === null) return 1;
  const disk = diskAt();
  if (readPhase(disk) !== null) throw underWay();
  const plan = await showPlan(wanted, options, lookedAtHere("host try", uri));
  if (isDone(plan)) {
    process.stderr.write("nothing to do\n");
    return 0;
  }
  warnOf(wanted, plan.format);
  process.stdout.write(renderHostPlan(plan));
  const { host } = openThisHost("host try", uri, ALL_ENDS_MS);
  const ports = trialPorts(uri);
  const program = [process.execPath, realpathSync(process.argv[1] ?? "")];
  const files: readonly ChangedFile[] = [
    ...bootFiles(program).map((one) => ({
      ...one,
      existed: disk.read(one.path) !== null,
      temporary: true,
    })),
    ...plan.files.map(({ path, next }) => ({
      path,
      next,
      existed: disk.read(path) !== null,
      temporary: false,
    })),
  ];
  const record: TrialRecord = {
    ...{
      id: randomUUID(),
      format: plan.format,
      site: JSON.stringify(wanted.document.value),
      files,
      timeout,
      uri,
    },
    session: sshSessionOf(process.pid, host),
    boot: ports.boot(),
    before: Object.fromEntries(await askNetwork(host)),
    sysctls: sysctlsOf(wanted, plan.format, host.readSysctl),
    wrongBefore: [...(await ports.wrongGuests()).keys()],
  };
  for (const nic of record.wrongBefore) warn(`NIC ${nic} differs already, and is not watched`);
  if (!beginTrial(disk, record)) throw underWay();
  try {
    await startUnit(program, host.run);
  } catch (error) {
    endTrial(disk, record);
    throw error;
  }
  return follow(record);
};
