import { lastLine } from "../../../values/error-text.ts";
import { recordFiles } from "../../../host-trial/there/scripts.ts";
import type { PlanThere } from "../../../host-trial/there/plan-script.ts";
import { DIRECTORY, DRAFT, type ProcessId } from "../../../host-trial/trial.ts";
import type { Ran } from "../../../kernel/host.ts";
import { Failure } from "../../../values/failure.ts";
import type { OpenHost } from "../hosts/open-host.ts";
import { COMMAND, readPhaseThere } from "./there.ts";
import { startUnit } from "./trial-unit.ts";

/** Finds sshd's process of this session, as sshSessionOf() does: $2 of its stat is the parent, ${20} the start (proc(5)). */
const SESSION = `process=$$
while [ "$process" -gt 1 ]; do
  read -r name <"/proc/$process/comm" || exit 0
  set -- $(sed 's/^.*) //' "/proc/$process/stat")
  case $name in sshd | sshd-session) echo "$process \${20}"; exit ;; esac
  process=$2
done`;

/** Returns the ssh session that programs on another host run in; null on this host. */
export const sessionThere = async ({ run }: Pick<OpenHost, "run">): Promise<ProcessId | null> => {
  const [pid = "", startedAt = ""] = (await run("sh", ["-c", SESSION])).stdout.trim().split(" ");
  return pid === "" ? null : { pid: Number(pid), startedAt };
};

const BEGIN =
  'sh "$1/trial.sh" look >"$1/state" && : >"$1/phase.ready" && find "$1" -type f -exec sync -- {} + && sync -- "$1" && mv -T -- "$1" "$2" && sync -- "${2%/*}"';

const expectDone = ({ code, stderr }: Ran, file: string, on: string): void => {
  if (code === 0) return;
  throw new Failure(`cannot prepare the trial on ${on}: ${lastLine(stderr)}`, `ssh root@${on} df ${file}`);
};

/** The record of a trial, with a backup of every file: all of it appears at once, and until then nothing of the host is changed. */
const writeRecord = async (plan: PlanThere, { run, files }: OpenHost, on: string): Promise<void> => {
  await Promise.all(
    [...recordFiles(plan)].map(([name, text]) =>
      files.write(`${DRAFT}/${name}`, text, { mode: 0o600, waitsIn: DRAFT }),
    ),
  );
  await Promise.all(
    plan.record.files.map(async ({ path, existed }, index) => {
      if (existed) expectDone(await run("cp", ["-a", "--", path, `${DRAFT}/${String(index)}`]), path, on);
    }),
  );
  expectDone(await run("sh", ["-c", BEGIN, "sh", DRAFT, DIRECTORY]), DRAFT, on);
};

/** Writes the record of a trial on another host, and has systemd run it there. @param on the host, for messages */
export const beginThere = async (plan: PlanThere, open: OpenHost, on: string): Promise<void> => {
  const { run, files } = open;
  // An earlier attempt ended before its record was whole: the host has not been changed by it.
  await files.remove(DRAFT);
  if ((await readPhaseThere(open)) === null) await files.remove(DIRECTORY);
  try {
    await writeRecord(plan, open, on);
  } catch (error) {
    await files.remove(DRAFT);
    throw error;
  }
  try {
    await startUnit(COMMAND, run);
  } catch (error) {
    await files.remove(DIRECTORY);
    throw error;
  }
};
