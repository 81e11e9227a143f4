import { lastLine } from "../values/error-text.ts";
import { randomBytes } from "node:crypto";
import { Failure } from "../values/failure.ts";
import type { Program, Ran, Run, RunChain } from "../kernel/host.ts";
import type { Way } from "./host-uri.ts";
import { ENVIRONMENT } from "./environment.ts";
import { gather } from "./gather.ts";
import type { HeldShell } from "./held-shell.ts";
import { endLine, readOutcomes, renderScript } from "./script.ts";

type Ssh = Extract<Way, { readonly kind: "ssh" }>;

/** The variables that ssh itself requires: keys come from an agent or a ticket. The ssh is the one that you use yourself. */
export const SSH_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  ["SSH_AUTH_SOCK", "KRB5CCNAME", "HOME"].reduce<[string, string][]>(
    (all, name) => {
      const value = process.env[name];
      return value === undefined ? all : [...all, [name, value]];
    },
    Object.entries({ ...ENVIRONMENT, PATH: `${process.env["PATH"] ?? ""}:${ENVIRONMENT["PATH"] ?? ""}` }),
  ),
);

const options = ({ host, user, port, keyfile, verify }: Ssh, socket: string, connectMs: number) => [
  "-T",
  ...["-o", "BatchMode=yes", "-o", `ConnectTimeout=${String(Math.max(1, Math.ceil(connectMs / 1000)))}`],
  // One connection for all programs (ssh_config(5), "ControlMaster"); none of the user's own, whose master may hang. It ends with
  // the session that opened it, and so with this process.
  ...["-o", "ControlMaster=auto", "-o", `ControlPath=${socket}`, "-o", "ControlPersist=no"],
  ...["-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "ClearAllForwardings=yes"],
  ...["-o", "LogLevel=ERROR"],
  ...(verify ? [] : ["-o", "StrictHostKeyChecking=no"]),
  ...(port === null ? [] : ["-p", String(port)]),
  ...(user === null ? [] : ["-l", user]),
  ...(keyfile === null ? [] : ["-i", keyfile]),
  ...["--", host],
];

/** Exit codes of ssh for its own failure, of a program that was ended at its deadline, and of a shell for a missing program. */
const SSH_FAILED = 255;
const ENDED = 124;
const NOT_FOUND = 127;

/** Runs programs on another host. */
export interface RunThere {
  /** One program. Programs that are asked for at the same time share a session. */
  readonly run: Run;
  /** Programs in a session of their own, which ends by itself even if the connection dies. */
  readonly chain: RunChain;
  /** Ends the connection. */
  readonly close: () => Promise<void>;
}

/** Starts ssh with a session for many scripts. @param args of ssh(1) */
type Hold = (args: readonly string[]) => HeldShell;

/** Ending a connection is a word to a process of this machine, and one to the other. */
const CLOSE_MS = 1000;

/**
 * Runs programs on another host. Rejects with a {@link Failure} when the host cannot be reached, or not in time, and when
 * a program is not installed there.
 *
 * @param socket where the connection's socket is to be: in a directory that no other user can write to
 * @param connectMs how long connecting may take
 * @param run runs ssh here, with {@link SSH_ENVIRONMENT}
 * @param hold the same for the session that all programs but those of chains share
 */
export const runOver = (way: Ssh, socket: string, connectMs: number, run: Run, hold: Hold): RunThere => {
  const args = [...options(way, socket, connectMs), "exec sh"];
  let held: HeldShell | null = null;
  const to = `${way.user === null ? "" : `${way.user}@`}${way.host}`;
  const fail = (why: string, hint: string): Failure =>
    new Failure(`cannot connect to ${way.host}: ${why}`, hint);
  let isConnected = false;

  const session = async (programs: readonly Program[], chained: boolean): Promise<readonly Ran[]> => {
    const mark = `guestnet-${randomBytes(9).toString("hex")}`;
    const script = renderScript(programs, mark, chained);
    const ran = chained
      ? await run("ssh", args, script)
      : await (held ??= hold(args)).run(script, endLine(mark));
    const outcomes = readOutcomes(ran.stdout, mark);
    if (outcomes.length > 0) isConnected = true;
    const isComplete = outcomes.length === programs.length || (chained && outcomes.at(-1)?.code !== 0);
    if (isComplete && outcomes.length > 0) return outcomes;
    const isLate = ran.code === ENDED;
    // A shell that has ended runs nothing more. At the deadline there is no time for another.
    if (!chained && !isLate) held = null;
    const said = isLate ? `no answer within ${String(Math.round(connectMs / 1000))} s` : lastLine(ran.stderr);
    if (isLate && !isConnected) throw fail(said, "--timeout SECONDS");
    if (ran.code === SSH_FAILED && !isConnected)
      throw fail(said || "ssh failed without a message", `ssh -o BatchMode=yes ${to} true`);
    throw new Failure(
      isConnected
        ? `lost the connection to ${way.host}${said === "" ? "" : `: ${said}`}`
        : `cannot run programs on ${way.host}: ${said || `its login shell ended with status ${String(ran.code)}`}`,
      `ssh -o BatchMode=yes ${to} true`,
    );
  };

  const gathered = gather((programs) => session(programs, false));
  return {
    run: async (file, args, stdin = "") => {
      const ran = await gathered({ file, args, stdin });
      if (ran.code === NOT_FOUND)
        throw new Failure(
          `cannot run ${file} on ${way.host}: it is not installed`,
          `install ${file} on ${way.host}`,
        );
      return ran;
    },
    chain: (programs) => session(programs, true),
    close: async () => {
      await held?.close(CLOSE_MS);
    },
  };
};
