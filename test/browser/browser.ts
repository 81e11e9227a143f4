import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** What a browser sends (Chrome DevTools Protocol): an answer, or an event of a page. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A browser with one page. */
export interface Browser {
  /** Sends a command of the protocol to the page. */
  readonly send: (method: string, params?: object) => Promise<Readonly<Record<string, unknown>>>;
  /** Returns the value of an expression in the page, which is JSON. */
  readonly evaluate: <T>(expression: string) => Promise<T>;
  /** Everything that the page has reported since it was opened. */
  readonly events: readonly Message[];
  /** Opens an address and waits until it is loaded. */
  readonly open: (url: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const PROGRAM = "chromium-headless-shell";
/** Of a virtual machine without graphics, where root runs the tests. */
const OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"];

/** Messages on the two pipes of a browser, 3 to it and 4 from it: JSON, with a NUL at its end. */
const connect = (child: ChildProcess, take: (message: Message) => void): ((message: object) => void) => {
  const [to, from] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  let rest = "";
  from.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\0");
    rest = parts.pop() ?? "";
    for (const part of parts) take(JSON.parse(part) as Message);
  });
  return (message) => {
    to.write(`${JSON.stringify(message)}\0`);
  };
};

/** Starts a browser without a window. */
export const openBrowser = async (): Promise<Browser> => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-browser-"));
  const child = spawn(PROGRAM, [...OPTIONS, `--user-data-dir=${folder}`], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  await once(child, "spawn");
  const events: Message[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Set<(message: Message) => void>();
  const write = connect(child, (message) => {
    if (message.id === undefined) {
      events.push(message);
      for (const one of listeners) one(message);
    } else waiting.get(message.id)?.(message);
  });
  let last = 0;
  let session: unknown;
  const send: Browser["send"] = async (method, params = {}) => {
    const id = (last += 1);
    const answered = new Promise<Message>((resolve) => waiting.set(id, resolve));
    write({ id, method, params, ...(session === undefined ? {} : { sessionId: session }) });
    const { result, error } = await answered;
    if (result === undefined) throw new Error(`${method}: ${error?.message ?? "no result"}`);
    return result;
  };
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  session = (await send("Target.attachToTarget", { targetId, flatten: true }))["sessionId"];
  for (const domain of ["Page", "Network", "Runtime", "Log"]) await send(`${domain}.enable`);
  return {
    ...{ send, events },
    evaluate: async <T>(expression: string) => {
      const { result, exceptionDetails } = await send("Runtime.evaluate", {
        expression,
        returnByValue: true,
      });
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { readonly value: T }).value;
    },
    open: async (url) => {
      events.length = 0;
      const loaded = new Promise<void>((resolve) => {
        const listener = ({ method }: Message): void => {
          if (method !== "Page.loadEventFired") return;
          listeners.delete(listener);
          resolve();
        };
        listeners.add(listener);
      });
      const { loaderId } = await send("Page.navigate", { url });
      // Without one, only the place in the page is another.
      if (loaderId !== undefined) await loaded;
    },
    close: async () => {
      const ended = once(child, "exit");
      session = undefined;
      await send("Browser.close");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
