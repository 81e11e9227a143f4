import { Failure } from "../values/failure.ts";
import type { Run } from "../kernel/host.ts";
import type { Way } from "./host-uri.ts";
import { ENVIRONMENT } from "./environment.ts";

type Ssh = Extract<Way, { readonly kind: "ssh" }>;

/** The variables that ssh itself requires: keys come from an agent or a ticket. */
export const SSH_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  ["SSH_AUTH_SOCK", "KRB5CCNAME", "HOME"].reduce<[string, string][]>((all, name) => {
    const value = process.env[name];
    return value === undefined ? all : [...all, [name, value]];
  }, Object.entries(ENVIRONMENT)),
);

/** The PATH of programs on the other host: sshd's default differs between distributions. */
const THERE = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin", "LC_ALL=C"];

/**
 * Quotes a word for a POSIX shell: ssh joins its arguments with blanks, and the login shell
 * of the other host splits them again (ssh(1), "command").
 */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Seconds that the connection stays after its last program, unless it is closed. */
const PERSIST_S = 10;

const options = ({ host, user, port, keyfile, verify }: Ssh, socket: string, connectMs: number) => [
  "-T",
  ...["-o", "BatchMode=yes", "-o", `ConnectTimeout=${String(Math.max(1, Math.ceil(connectMs / 1000)))}`],
  // One connection for all programs (ssh_config(5), "ControlMaster"); none of the user's own, whose master may hang.
  ...["-o", "ControlMaster=auto", "-o", `ControlPath=${socket}`, "-o", `ControlPersist=${String(PERSIST_S)}`],
  ...["-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "ClearAllForwardings=yes"],
  ...["-o", "LogLevel=ERROR"],
  ...(verify ? [] : ["-o", "StrictHostKeyChecking=no"]),
  ...(port === null ? [] : ["-p", String(port)]),
  ...(user === null ? [] : ["-l", user]),
  ...(keyfile === null ? [] : ["-i", keyfile]),
  ...["--", host],
];

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() ?? "";

/** Exit codes of ssh for its own failure, and of a shell for a missing program. */
const SSH_FAILED = 255;
const NOT_FOUND = 127;

/**
 * Runs programs on another host. Rejects with a {@link Failure} when the host cannot be reached, or not in time, and when
 * a program is not installed there.
 *
 * @param socket where the connection's socket is to be: in a directory that no other user can write to
 * @param connectMs how long connecting may take
 * @param run runs ssh here, with {@link SSH_ENVIRONMENT}
 */
export const runOver = (way: Ssh, socket: string, connectMs: number, run: Run): Run => {
  const head = options(way, socket, connectMs);
  const to = `${way.user === null ? "" : `${way.user}@`}${way.host}`;
  const fail = (why: string, hint: string): Failure =>
    new Failure(`cannot connect to ${way.host}: ${why}`, hint);
  return async (file, args, stdin) => {
    const command = ["env", ...THERE, file, ...args].map(quoteWord);
    const ran = await run("ssh", [...head, ...command], stdin);
    if (ran.code === 124)
      throw fail(`no answer within ${String(Math.round(connectMs / 1000))} s`, "--timeout SECONDS");
    if (ran.code === SSH_FAILED)
      throw fail(lastLine(ran.stderr) || "ssh failed without a message", `ssh -o BatchMode=yes ${to} true`);
    if (ran.code === NOT_FOUND)
      throw new Failure(
        `cannot run ${file} on ${way.host}: it is not installed`,
        `install ${file} on ${way.host}`,
      );
    return ran;
  };
};

/** Ends the connection that {@link runOver} has opened; without one nothing happens. */
export const disconnect = async (way: Ssh, socket: string, run: Run): Promise<void> => {
  await run("ssh", ["-O", "exit", ...options(way, socket, 1000)]);
};
