import { readFileSync, rmSync } from "node:fs";
import { awaitPorts, forgetPorts } from "../src/move/ports.ts";
import { deadline } from "../src/run/deadline.ts";
import { kernelFiles } from "../src/run/kernel-files.ts";
import { leaveSettler } from "../src/run/leave-settler.ts";
import { leaveWaiter } from "../src/run/leave-waiter.ts";
import { log } from "../src/run/log.ts";
import { runByHead, type Runner } from "../src/run/run-by-head.ts";
import { runInTurn } from "../src/run/run-in-turn.ts";
import { comesAtStart, isComing, markerOf } from "../src/move/incoming.ts";
import { describeFailure } from "../src/hook/describe-failure.ts";
import { exitOnFailure, type HookEvent, parseEvent } from "../src/hook/event.ts";
import { handle } from "../src/hook/handle.ts";
import { selfTest } from "../src/hook/self-test.ts";
import { parseDomain } from "../src/libvirt/domain/parse-domain.ts";
import { scanXml } from "../src/xml/scan.ts";
import { isRouted, type LiveDomain } from "../src/guest/nic.ts";
import type { Host } from "../src/kernel/host.ts";
import { promotionOf } from "../src/move/promotion.ts";

// libvirt waits for a hook without a limit. The tools are ended after the first time, those that clear away what was made
// after the second; after the third we are gone, whatever hangs.
const TOOLS_END_MS = 8_000;
const CLEARING_ENDS_MS = 9_500;
const ALL_ENDS_MS = 10_000;

/** What libvirt shows to whoever started the guest, and the journal keeps. */
const say = async (priority: "err" | "warning", line: string): Promise<void> => {
  process.stderr.write(`guestnet: ${line}\n`);
  await log(priority, line);
};

const HOOK = process.argv[1] ?? "";

/** Runs what the operation needs. Whether a shell beside us does that for us, the head says. */
const openRunner = (): Runner => {
  const now = Date.now();
  const until = deadline(now + TOOLS_END_MS, now + CLEARING_ENDS_MS);
  const { GUESTNET_HEAD: pid, GUESTNET_AHEAD: ahead = "" } = process.env;
  const ourselves = runInTurn(until);
  return pid === undefined
    ? { run: ourselves, done: () => Promise.resolve() }
    : runByHead({ pid, ahead }, until, ourselves);
};

/** Leaves somebody behind who sees the guest begin to run here: at that moment libvirt calls no hook. @returns what went wrong */
const awaitGuest = async (guest: string, domain: LiveDomain): Promise<readonly string[]> => {
  const promotion = promotionOf(domain);
  if (promotion === null) return [];
  try {
    await leaveWaiter(HOOK, { guest, marker: markerOf(domain.uuid), ...promotion });
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`its routes here stay a stand-by until "guestnet apply ${guest}": ${why}`];
  }
};

/** The domain's XML: what the head has read of it, and the rest, which waits on stdin. It may hold passwords, so it goes no further. */
const readDomain = (): string => {
  const { GUESTNET_READ: seen = "" } = process.env;
  delete process.env["GUESTNET_READ"];
  return seen + readFileSync(0, "utf8");
};

/** What an operation has to do besides, where a guest moves. @returns what went wrong, which is no reason to refuse it */
const alongside = async (
  { guest, operation }: HookEvent,
  domain: LiveDomain,
  host: Host,
): Promise<readonly string[]> => {
  const marker = markerOf(domain.uuid);
  if (operation === "prepare") return isComing(domain, host) ? awaitGuest(guest, domain) : [];
  if (operation === "start" && comesAtStart(domain, host)) {
    const last = domain.nics.some(isRouted) ? "" : marker;
    return awaitPorts(domain, host, last, (settler) => leaveSettler(HOOK, settler));
  }
  if (operation === "release" && host.readFile(marker) !== null) {
    await forgetPorts(domain, host);
    rmSync(marker, { force: true });
  }
  return [];
};

const main = async (event: HookEvent, { run }: Runner): Promise<0 | 1> => {
  const parsed = parseDomain(scanXml(readDomain()));
  if (!parsed.ok) {
    await say("err", describeFailure(event, parsed.problems));
    return exitOnFailure(event.operation);
  }
  const host = { ...kernelFiles, run };
  const { done, notes: found, wrong } = await handle(event.operation, parsed.value, host);
  const refused = wrong.length > 0 && event.operation !== "release";
  const notes = refused ? found : [...found, ...(await alongside(event, parsed.value, host))];
  if (event.operation === "reconnect" && done.length > 0) {
    await log("notice", `guest ${event.guest} repaired: ${done.join("; ")}`);
  }
  if (notes.length > 0) await say("warning", `guest ${event.guest}: ${notes.join("; ")}`);
  if (wrong.length === 0) return 0;
  await say("err", describeFailure(event, wrong));
  return exitOnFailure(event.operation);
};

if (process.argv[3] === "self-test") {
  void selfTest(openRunner().run).then((missing) => {
    const found = missing.length === 0 ? "ready" : `not ready: ${missing.join("; ")}`;
    process.stderr.write(`guestnet ${VERSION} on Node.js ${process.versions.node}: ${found}\n`);
    process.exitCode = missing.length === 0 ? 0 : 1;
  });
}

const event = parseEvent(process.argv.slice(2));
// qemu:///session runs the same file as an ordinary user, who may change nothing here.
if (event !== null && process.geteuid?.() === 0) {
  const giveUp = async (why: string): Promise<void> => {
    await say("err", describeFailure(event, [why]));
    process.exit(exitOnFailure(event.operation));
  };
  setTimeout(() => void giveUp(`gave up after ${String(ALL_ENDS_MS / 1_000)} s`), ALL_ENDS_MS).unref();
  const runner = openRunner();
  main(event, runner).then(
    async (status) => {
      await runner.done();
      process.exit(status);
    },
    (error: unknown) => {
      void giveUp(error instanceof Error ? (error.stack ?? error.message) : String(error));
    },
  );
}
