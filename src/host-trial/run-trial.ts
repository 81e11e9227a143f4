import { claimRollback, keep, putBack, putBackAtBoot, repairGuests, runAll } from "./end-trial.ts";
import { type GuestWatch, watchGuests } from "./guest-watch.ts";
import type { Outcome, TrialPlan, TrialPorts } from "./ports.ts";
import { changePhase, readPhase, readTrial, type TrialRecord, writeFiles } from "./trial.ts";
import { messageOf } from "../values/error-text.ts";

/** How long a manager may take until the host is as host.json describes it: duplicate address detection, carriers, leases. */
const MATCHES_WITHIN_S = 20;
const LOOK_MS = 500;
const INTERRUPTED = "the trial was interrupted";
const BY_COMMAND = "guestnet host rollback was run";
const SESSION_ENDED = "the ssh session that started it has ended";

const hasEnded = ({ session }: TrialRecord, { isAlive }: TrialPorts): boolean =>
  session !== null && !isAlive(session);

/** Waits until the host is as host.json describes it. @returns the differences that are left */
const waitUntilMatching = async (plan: TrialPlan, ports: TrialPorts): Promise<readonly string[]> => {
  const end = ports.now() + MATCHES_WITHIN_S;
  for (;;) {
    const left = plan.differences(await ports.readNetwork());
    if (left.length === 0 || ports.now() >= end) return left;
    await ports.sleep(LOOK_MS);
  }
};

/** Changes the host. @returns the reason to put it back, or null */
const change = async (
  record: TrialRecord,
  plan: TrialPlan,
  guests: GuestWatch,
  ports: TrialPorts,
): Promise<string | null> => {
  if (hasEnded(record, ports)) return SESSION_ENDED;
  writeFiles(ports.disk, record);
  // A command that reports an error may have done its work, and one that does not may have failed: the look at the host decides.
  const wrong = await runAll(plan.apply, ports);
  if (plan.disturbsGuests) await repairGuests(record, ports);
  const left = await waitUntilMatching(plan, ports);
  if (left.length > 0) return `the host does not match host.json: ${[...left, ...wrong].join("; ")}`;
  for (;;) {
    const state = await guests();
    if (state.kind === "right") return null;
    if (state.kind === "differs") return state.reason;
    await ports.sleep(LOOK_MS);
  }
};

/** Waits for the confirmation. @returns the reason to put the host back, or null for a confirmed trial */
const waitFor = async (
  record: TrialRecord,
  end: number,
  guests: GuestWatch,
  ports: TrialPorts,
): Promise<string | null> => {
  for (;;) {
    const phase = readPhase(ports.disk);
    if (phase === "confirmed") return null;
    if (phase === "rolling-back") return BY_COMMAND;
    if (hasEnded(record, ports)) return SESSION_ENDED;
    if (ports.now() >= end) return `it was not confirmed within ${String(record.timeout)} s`;
    const state = await guests();
    if (state.kind === "differs") return state.reason;
    await ports.sleep(LOOK_MS);
  }
};

/**
 * Runs a trial, or goes on with one whose process was killed: it waits on if it waited, and else everything is put back.
 *
 * @returns null if there is none
 */
export const runTrial = async (
  planOf: (record: TrialRecord) => TrialPlan,
  ports: TrialPorts,
): Promise<Outcome | null> => {
  const { disk } = ports;
  const record = readTrial(disk);
  const phase = readPhase(disk);
  if (record === null || phase === null) return null;
  const plan = planOf(record);
  if (phase === "confirmed") return keep(record, plan, ports);
  if (record.boot !== ports.boot()) return putBackAtBoot(record, plan, ports);
  const back = async (reason: string): Promise<Outcome> =>
    claimRollback(disk) ? putBack(record, plan, reason, ports) : keep(record, plan, ports);
  if (phase === "changing" || phase === "rolling-back")
    return back(phase === "changing" ? INTERRUPTED : BY_COMMAND);
  const guests = watchGuests(record.wrongBefore, ports);
  try {
    if (phase === "ready") {
      if (!changePhase(disk, "ready", "changing")) return await back(BY_COMMAND);
      const reason = await change(record, plan, guests, ports);
      if (reason !== null) return await back(reason);
      if (!changePhase(disk, "changing", "waiting")) return await back(BY_COMMAND);
    }
    // It counts from here again after its process was killed.
    const reason = await waitFor(record, ports.now() + record.timeout, guests, ports);
    return reason === null ? await keep(record, plan, ports) : await back(reason);
  } catch (error) {
    return back(messageOf(error));
  }
};
