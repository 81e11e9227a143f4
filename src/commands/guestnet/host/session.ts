import type { ProcessId } from "../../../host-trial/trial.ts";
import type { Host } from "../../../kernel/host.ts";

/** Fields of proc(5), /proc/PID/stat, that are behind the command's name: ppid is 4, starttime 22. */
const statOf = (pid: number, { readFile }: Pick<Host, "readFile">) => {
  const [, name = "", rest = ""] =
    /^\d+ \((.*)\) (.*)$/s.exec(readFile(`/proc/${String(pid)}/stat`) ?? "") ?? [];
  const fields = rest.split(" ");
  return name === "" ? null : { name, parent: Number(fields[1]), startedAt: fields[19] ?? "" };
};

/** sshd's process of one session: `sshd`, from OpenSSH 9.8 on `sshd-session`. */
const IS_SSHD = /^sshd(-session)?$/;

/** Returns the ssh session that a process belongs to; null outside of one, as in tmux, which outlives it. */
export const sshSessionOf = (pid: number, host: Pick<Host, "readFile">): ProcessId | null => {
  for (let at = pid; at > 1;) {
    const stat = statOf(at, host);
    if (stat === null) return null;
    if (IS_SSHD.test(stat.name)) return { pid: at, startedAt: stat.startedAt };
    at = stat.parent;
  }
  return null;
};

/** Returns whether that very process is still there. */
export const isAlive = ({ pid, startedAt }: ProcessId, host: Pick<Host, "readFile">): boolean =>
  statOf(pid, host)?.startedAt === startedAt;
