import type { Duplex } from "node:stream";
import type { Answer, Event, Request } from "./protocol.ts";

/** The lab's end of the line to the agent. */
export interface Channel {
  /** Sends a request and waits for its answer; `what` names it in the error when none comes in time. */
  call(request: Request, timeoutMs: number, what: string): Promise<Answer>;
  /** Fails everything that waits or will be asked: the agent is gone. */
  fail(reason: string): void;
}

interface Waiting {
  readonly settle: (answer: Answer | Error) => void;
}

/**
 * So many bytes may be under way to the agent; it says what it has received. UML's serial line takes 4096 and
 * then asks for a pause, after which it never hears anything again. (The other direction has no such limit.)
 */
const WINDOW = 3000;

/** Talks JSON lines; `log` gives the end of the environment's log for error messages. */
export function openChannel(socket: Duplex, onEvent: (event: Event) => void, log: () => string): Channel {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let failure: Error | undefined;

  const take = (message: Answer | Event): void => {
    if (!("event" in message)) return waiting.get(message.id)?.settle(message);
    if (message.event !== "received") {
      onEvent(message);
      return;
    }
    window += message.bytes;
    flush();
  };

  let unsent = Buffer.alloc(0);
  let window = WINDOW;
  const flush = (): void => {
    const piece = unsent.subarray(0, window);
    unsent = unsent.subarray(piece.length);
    window -= piece.length;
    if (piece.length > 0) socket.write(piece);
  };

  let rest = "";
  socket.on("error", () => undefined); // the end of the process at the other end is seen by its parent
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("{")) take(JSON.parse(line) as Answer | Event);
  });

  return {
    call: (request, timeoutMs, what) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        const id = ++lastId;
        const settle = (answer: Answer | Error): void => {
          clearTimeout(timer);
          waiting.delete(id);
          if (answer instanceof Error) reject(answer);
          else if (answer.error !== undefined) reject(new Error(`${what}: ${answer.error}`));
          else resolve(answer);
        };
        const timer = setTimeout(() => {
          settle(new Error(`the lab's agent has not answered in ${timeoutMs / 1000} s: ${what}\n${log()}`));
        }, timeoutMs);
        waiting.set(id, { settle });
        unsent = Buffer.concat([unsent, Buffer.from(`${JSON.stringify({ id, ...request })}\n`)]);
        flush();
      }),
    fail(reason) {
      failure ??= new Error(`${reason}\n${log()}`);
      for (const { settle } of [...waiting.values()]) settle(failure);
    },
  };
}
