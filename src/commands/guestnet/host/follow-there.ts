import { setTimeout as sleep } from "node:timers/promises";
import { differencesOf, differenceText } from "../../../host-trial/differences.ts";
import type { Outcome } from "../../../host-trial/ports.ts";
import type { PlanThere } from "../../../host-trial/there/plan-script.ts";
import { readLiveNetwork } from "../../../run/read-live-network.ts";
import { Failure } from "../../../values/failure.ts";
import type { OpenHost } from "../hosts/open-host.ts";
import { changePhaseThere, readOutcomeThere, readPhaseThere } from "./there.ts";
import { isUnitActive } from "./trial-unit.ts";

/** What trial.sh and the command that has started it tell each other. */
const APPLIED = "/run/guestnet/trial/applied";
const REASON = "/run/guestnet/trial/reason";

/** How long a manager may take until the host is as host.json describes it, as on this host. */
const SETTLE_MS = 20_000;
const LOOK_MS = 500;

/** The failures of the network manager, once it has had its turn and guests are right; null before. */
const readApplied = async (id: string, { files }: OpenHost): Promise<readonly string[] | null> => {
  const [first, ...wrong] = ((await files.read(APPLIED)) ?? "").split("\n");
  return first === id ? wrong.filter((line) => line !== "") : null;
};

/** Compares the host with host.json. @returns a line for each difference */
const differencesThere = ({ network }: PlanThere, open: OpenHost): Promise<readonly string[]> =>
  open.look(async (host) => differencesOf(network, await readLiveNetwork(host)).map(differenceText));

/** A trial whose unit has ended without an outcome: it was stopped, or could not write what became of it. */
const endedInSilence = async (open: OpenHost, on: string): Promise<Failure> => {
  const phase = await readPhaseThere(open);
  const now =
    phase === null
      ? "its record is gone, so the host's network was put back or kept"
      : `the host stays as it is now, ${phase === "ready" ? "unchanged" : "with the new files"}, until guestnet host rollback or a restart puts its network back`;
  return new Failure(
    `cannot see how the trial on ${on} ends: its process has ended; ${now}`,
    `ssh root@${on} journalctl -u guestnet-host-trial`,
  );
};

/**
 * Compares a host on trial with its host.json, and lets it wait for its confirmation, or be put back. If this is not done in time, the
 * host puts itself back.
 *
 * @param on the host, for messages
 * @returns null for a host that waits, otherwise what became of it
 */
export const followThere = async (plan: PlanThere, open: OpenHost, on: string): Promise<Outcome | null> => {
  const { id } = plan.record;
  let end = Infinity;
  for (;;) {
    // The unit first: one that has ended by now has written its outcome before.
    const isActive = await isUnitActive(open.run);
    const [outcome, wrong] = await Promise.all([readOutcomeThere(id, open), readApplied(id, open)]);
    if (outcome !== null) return outcome;
    if (!isActive) throw await endedInSilence(open, on);
    if (wrong !== null) {
      end = Math.min(end, Date.now() + SETTLE_MS);
      const left = await differencesThere(plan, open);
      if (left.length === 0 && (await changePhaseThere("changing", "waiting", open))) return null;
      if (left.length > 0 && Date.now() >= end) {
        const reason = `the host does not match host.json: ${[...left, ...wrong].join("; ")}`;
        await open.files.write(REASON, reason, { mode: 0o600, waitsIn: "/run/guestnet/trial" });
        await changePhaseThere("changing", "rolling-back", open);
      }
    }
    await sleep(LOOK_MS);
  }
};
