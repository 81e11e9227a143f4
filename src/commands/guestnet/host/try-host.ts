import { randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  beginTrial,
  type ChangedFile,
  endTrial,
  readPhase,
  type TrialRecord,
} from "../../../host-trial/trial.ts";
import { askNetwork } from "../../../run/read-live-network.ts";
import { diskAt } from "./disk-at.ts";
import { warn } from "../reporter.ts";
import { openThisHost } from "../this-host.ts";
import { bootFiles } from "./boot-unit.ts";
import { type HostPlanOptions, isDone, readableHere, renderHostPlan, showPlan } from "./plan-host.ts";
import { readWanted, warnOf } from "./planned-host.ts";
import { sshSessionOf } from "./session.ts";
import { filesHere } from "../system/files-here.ts";
import { commandsOfPlan, expectAble } from "./expect-able.ts";
import { outcomeLines, readOutcome, trialPorts } from "./trial-here.ts";
import { sysctlsOf } from "./trial-sysctls.ts";
import { startUnit } from "./trial-unit.ts";
import { underWay, unseen } from "./trial-ending.ts";

export interface HostTryOptions extends Omit<HostPlanOptions, "json"> {
  readonly uri: string;
  /** Seconds. */
  readonly timeout: number;
}

const ALL_ENDS_MS = 30_000;
const LOOK_MS = 200;
/** How long a manager and the host may take beside the timeout. */
const MORE_MS = 300_000;

/** Waits until the host is as host.json describes it, or was put back. @returns the exit code */
const follow = async ({ id, timeout }: TrialRecord): Promise<0 | 1> => {
  const disk = diskAt();
  for (let waited = 0; waited < timeout * 1000 + MORE_MS; waited += LOOK_MS) {
    const outcome = readOutcome(id);
    if (outcome !== null) {
      process.stderr.write(`${outcomeLines(outcome).join("\n")}\n`);
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
  throw unseen();
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
  const plan = await showPlan(wanted, options, readableHere("host try", uri));
  if (isDone(plan)) {
    process.stderr.write("nothing to do\n");
    return 0;
  }
  warnOf(wanted, plan.format);
  process.stdout.write(renderHostPlan(plan));
  const { host } = openThisHost("host try", uri, ALL_ENDS_MS);
  await expectAble(commandsOfPlan(wanted, plan), [], { run: host.run, files: filesHere }, "");
  const ports = trialPorts(uri);
  const command = [process.execPath, realpathSync(process.argv[1] ?? ""), "host", "resume"];
  const files: readonly ChangedFile[] = [
    ...bootFiles(command).map((one) => ({
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
    sysctls: sysctlsOf(wanted.network, plan.format, host.readSysctl),
    wrongBefore: [...(await ports.wrongGuests()).keys()],
  };
  for (const nic of record.wrongBefore) warn(`NIC ${nic} differs already, and is not watched`);
  if (!beginTrial(disk, record)) throw underWay();
  try {
    await startUnit(command, host.run);
  } catch (error) {
    endTrial(disk, record);
    throw error;
  }
  return follow(record);
};
