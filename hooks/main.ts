import { deadline } from "../src/run/deadline.ts";
import { describeFailure } from "../src/hook/describe-failure.ts";
import { exitOnFailure, type HookEvent, parseEvent } from "../src/hook/event.ts";
import { handle } from "../src/hook/handle.ts";
import { selfTest } from "../src/hook/self-test.ts";
import { recordStart } from "../src/hook/start-record.ts";
import { isOfGuest, parseGuest } from "../src/libvirt/domain/parse-guest.ts";
import { scanXml } from "../src/xml/scan.ts";
import type { LiveGuest } from "../src/guest/nic.ts";
import { kernelFilesBy, type Run } from "../src/kernel/host.ts";
import { followMove } from "../src/move/follow-move.ts";
import type { MovingHost } from "../src/move/moving-host.ts";
import type { Engine } from "./engines/engine.ts";
import { node } from "./engines/node.ts";
import { quickjs } from "./engines/quickjs.ts";

// libvirt waits for a hook without a limit. The tools are ended after the first time, those that clear away what was made
// after the second; after the third the hook exits, even if a tool hangs.
const TOOLS_END_MS = 8_000;
const CLEARING_ENDS_MS = 9_500;
const ALL_ENDS_MS = 10_000;
/** A line for the journal is written also when the time for all other programs is up. */
const LOG_ENDS_MS = 1_000;

/** bash waits without a process for each pause; hooks/promote.sh knows what to do in a shell that cannot. */
const SHELLS = ["/bin/bash", "/bin/sh"] as const;

const toHost = (engine: Engine, run: Run): MovingHost => ({
  ...kernelFilesBy(engine.readFile, engine.writeFile, engine.exists),
  run,
  leave: (words) => {
    const shell = SHELLS.find((one) => engine.exists(one)) ?? "/bin/sh";
    return engine.leave(shell, [engine.hook, ...words]);
  },
  writeFile: (name, text) => {
    engine.makeFolder(name.slice(0, name.lastIndexOf("/")));
    engine.writeFile(name, text);
  },
  removeFile: engine.removeFile,
});

const log = async (engine: Engine, priority: "err" | "warning" | "notice", line: string): Promise<void> => {
  const run = engine.runUntil(deadline(Date.now() + LOG_ENDS_MS));
  await run("logger", ["-t", "guestnet", "-p", `daemon.${priority}`, "--", line]).catch(() => undefined);
};

/** For the user of virsh, who gets it from libvirt, and for the journal. */
const writeLog = async (engine: Engine, priority: "err" | "warning", line: string): Promise<void> => {
  engine.writeError(`guestnet: ${line}\n`);
  await log(engine, priority, line);
};

/** Only Node.js has the error's message in its stack. */
const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { message, stack = "" } = error;
  return stack.includes(message) ? stack : `${message}\n${stack}`;
};

/** Does what libvirt calls the hook for. @returns what went wrong */
const carryOut = async (
  { guest, operation }: HookEvent,
  domain: LiveGuest,
  engine: Engine,
  run: Run,
): Promise<readonly string[]> => {
  const host = toHost(engine, run);
  const { done, notes: found, wrong } = await handle(operation, domain, host);
  const refused = wrong.length > 0 && operation !== "release";
  const notes = refused ? found : [...found, ...(await followMove(operation, domain, host))];
  if (operation === "reconnect" && done.length > 0)
    await log(engine, "notice", `guest ${guest} repaired: ${done.join("; ")}`);
  if (notes.length > 0) await writeLog(engine, "warning", `guest ${guest}: ${notes.join("; ")}`);
  recordStart(operation, domain, wrong, host);
  return wrong;
};

const answer = async (event: HookEvent, engine: Engine, run: Run): Promise<readonly string[]> => {
  try {
    // The filter has read the beginning. The XML may hold passwords, so it goes no further.
    const document = engine.takeVariable("GUESTNET_READ") + engine.readInput();
    const parsed = parseGuest(scanXml(document, isOfGuest));
    return parsed.ok ? await carryOut(event, parsed.value, engine, run) : parsed.problems;
  } catch (error) {
    return [describeError(error)];
  }
};

/** For `guestnet install` and `guestnet doctor`. @returns the exit status */
const test = async (engine: Engine, run: Run): Promise<0 | 1> => {
  const missing = await selfTest(run);
  const found = missing.length === 0 ? "ready" : `not ready: ${missing.join("; ")}`;
  engine.writeError(`guestnet ${VERSION} on ${engine.name}: ${found}\n`);
  return missing.length === 0 ? 0 : 1;
};

const main = async (): Promise<void> => {
  const engine: Engine = "scriptArgs" in globalThis ? quickjs() : node(require);
  const now = Date.now();
  const run = engine.runUntil(deadline(now + TOOLS_END_MS, now + CLEARING_ENDS_MS));
  if (engine.args[1] === "self-test") return engine.exit(await test(engine, run));
  const event = parseEvent(engine.args);
  const unqueued = engine.takeVariable("GUESTNET_UNQUEUED");
  if (event === null || !engine.isRoot()) return engine.exit(0);
  if (unqueued !== "")
    await writeLog(
      engine,
      "warning",
      `guest ${event.guest}: ${event.operation}: does not wait for other hooks: ${unqueued} cannot be locked`,
    );
  const end = async (wrong: readonly string[]): Promise<void> => {
    if (wrong.length === 0) return engine.exit(0);
    await writeLog(engine, "err", describeFailure(event, wrong));
    engine.exit(exitOnFailure(event.operation));
  };
  const stop = engine.after(ALL_ENDS_MS, () => void end([`gave up after ${String(ALL_ENDS_MS / 1_000)} s`]));
  const wrong = await answer(event, engine, run);
  stop();
  await end(wrong);
};
void main();
