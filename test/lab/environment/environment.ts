import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { createAgent, type Agent } from "./agent.ts";
import { openChannel, type Channel } from "./channel.ts";
import { labEnv } from "../lab-env.ts";
import type { Event } from "./protocol.ts";
import { createTail } from "../tail.ts";

/** A throw-away environment: namespaces of this machine, or a User Mode Linux, with the agent in it. */
export interface Environment {
  readonly agent: Agent;
  /** Ends every process of it. */
  readonly close: () => Promise<void>;
}

/** How to start one: a command that connects the agent to its descriptor 3. */
export interface Recipe {
  readonly argv: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Takes away what only the start needed. */
  readonly started?: () => void;
  /** Is called when all of its processes are gone. */
  readonly ended?: () => void;
  /** Receives all that it says, besides the end that goes into error messages. */
  readonly log?: (piece: Buffer) => void;
  /** How long its agent may take to answer. */
  readonly startMs?: number;
}

const START_MS = 90_000;
const END_MS = 15_000;

/**
 * Starts an environment and waits for its agent.
 * Whatever ends this process ends the environment too: the kernel kills the command when its parent is gone
 * (--pdeathsig), and the command is an unshare(1) that does the same to process 1 below it (--kill-child).
 */
export async function startEnvironment({
  argv,
  env = {},
  started,
  ended,
  log: hear,
  startMs = START_MS,
}: Recipe): Promise<Environment> {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...argv], {
    env: { ...labEnv(), ...env },
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  // "close" comes when nobody holds the pipes any more: then all of its processes are gone.
  const gone = new Promise<void>((resolve) => {
    child.on("close", resolve);
    child.on("error", () => {
      resolve();
    });
  });
  if (ended !== undefined) void gone.then(ended);
  const [stdout, stderr, socket] = pipes(child);
  const log = createTail(40);
  for (const stream of [stdout, stderr]) {
    stream.on("data", log.add);
    if (hear !== undefined) stream.on("data", hear);
  }

  let ready: () => void = () => undefined;
  const starting = new Promise<void>((resolve) => (ready = resolve));
  const { agent, channel } = connect(socket, log.text, () => {
    ready();
  });
  const failed = new Promise<never>((_, reject) => {
    const fail = (reason: string): void => {
      channel.fail(reason);
      reject(new Error(`${reason}\n${log.text()}`));
    };
    child.on("error", (error) => {
      fail(error.message);
    });
    child.on("exit", (code, signal) => {
      fail(`the lab's environment ended (${signal ?? `status ${code}`})`);
    });
  });
  failed.catch(() => undefined);

  // A test run that forgets to close its lab may end all the same: only what is waited for holds it.
  for (const handle of [child, stdout, stderr, socket]) handle.unref();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    child.kill("SIGKILL");
    closing ??= within(END_MS, gone).catch(() => undefined);
    return closing;
  };

  try {
    await within(startMs, Promise.race([starting, failed]));
    return { agent, close };
  } catch (error) {
    await close();
    if (error !== late) throw error;
    throw new Error(`the lab's agent has not started in ${startMs / 1000} s\n${log.text()}`, {
      cause: error,
    });
  } finally {
    started?.();
  }
}

function connect(socket: Socket, log: () => string, ready: () => void): { agent: Agent; channel: Channel } {
  let hear: (event: Event) => void = () => undefined;
  const channel = openChannel(
    socket,
    (event) => {
      if (event.event === "ready") ready();
      else hear(event);
    },
    log,
  );
  const created = createAgent(channel);
  hear = created.hear;
  return { agent: created.agent, channel };
}

function pipes(child: ChildProcess): [Socket, Socket, Socket] {
  const [, stdout, stderr, socket] = child.stdio;
  if (stdout instanceof Socket && stderr instanceof Socket && socket instanceof Socket) {
    return [stdout, stderr, socket];
  }
  throw new Error("node's pipes are no sockets");
}

const late = new Error("late");

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>(
    (_, reject) =>
      (timer = setTimeout(() => {
        reject(late);
      }, ms)),
  );
  return Promise.race([promise, end]).finally(() => {
    clearTimeout(timer);
  });
}
