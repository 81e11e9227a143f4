import type { Channel } from "./channel.ts";
import type { Command, Event, Ran } from "./protocol.ts";

/** A running process that is talked to while it runs. */
export interface Stream {
  readonly pid: number;
  write(data: string): Promise<void>;
  stop(): Promise<Ran>;
}

/** Hears what a stream says; `end` is called once. */
export interface Listener {
  output(data: string): void;
  end(ran: Ran): void;
}

/** Runs processes inside the environment. */
export interface Agent {
  run(command: Command, options?: { readonly stdin?: string; readonly timeoutMs?: number }): Promise<Ran>;
  start(command: Command): Promise<{ stop(): Promise<Ran> }>;
  stream(command: Command, listener: Listener): Promise<Stream>;
}

const RUN_MS = 60_000;
/** What an agent may need above a process's own time; a loaded machine has UML starve for seconds. */
const SLACK_MS = 30_000;

/** The agent at the other end of `channel`, and the function that gives it the channel's events. */
export function createAgent(channel: Channel): { agent: Agent; hear: (event: Event) => void } {
  const listeners = new Map<number, Listener>();
  let lastStream = 0;

  const start = async (command: Command, stream?: number): Promise<number> => {
    const request = { op: "start", ...command, ...(stream === undefined ? {} : { stream }) } as const;
    const { pid } = await channel.call(request, SLACK_MS, `start ${command.argv.join(" ")}`);
    if (pid === undefined) throw new Error(`no pid of ${command.argv.join(" ")}`);
    return pid;
  };
  const stop = async (pid: number, what: string): Promise<Ran> =>
    ran(await channel.call({ op: "stop", pid }, SLACK_MS, `stop ${what}`));

  const agent: Agent = {
    async run(command, { stdin, timeoutMs = RUN_MS } = {}) {
      const what = command.argv.join(" ");
      const request = {
        op: "run",
        ...command,
        timeoutMs,
        ...(stdin === undefined ? {} : { stdin }),
      } as const;
      const answer = await channel.call(request, timeoutMs + SLACK_MS, what);
      if (answer.late !== true) return ran(answer);
      throw new Error(
        `killed after ${timeoutMs / 1000} s: ${what}\n${answer.stdout ?? ""}${answer.stderr ?? ""}`,
      );
    },
    async start(command) {
      const pid = await start(command);
      return { stop: () => stop(pid, command.argv.join(" ")) };
    },
    async stream(command, listener) {
      const number = ++lastStream;
      listeners.set(number, listener);
      const pid = await start(command, number);
      return {
        pid,
        async write(data) {
          await channel.call({ op: "write", pid, data }, SLACK_MS, "write");
        },
        stop: () => stop(pid, command.argv.join(" ")),
      };
    },
  };

  const hear = (event: Event): void => {
    if (event.event !== "output" && event.event !== "end") return;
    const listener = listeners.get(event.stream);
    if (event.event === "output") return listener?.output(event.data);
    listeners.delete(event.stream);
    listener?.end(event);
  };
  return { agent, hear };
}

function ran({ code = 1, stdout = "", stderr = "" }: Partial<Ran>): Ran {
  return { code, stdout, stderr };
}
