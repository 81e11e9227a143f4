import { nextJob } from "../values/in-job.ts";
import { desiredRoutedNic } from "../kernel/desired/routed-nic.ts";
import type { Arrival } from "./arrival.ts";
import { type LiveGuest, isRouted } from "../guest/nic.ts";
import { commandText } from "../kernel/facts/command.ts";
import { type Fact, hostState } from "../kernel/facts/fact.ts";
import type { IfName } from "../values/names.ts";
import { diff } from "../kernel/plan/diff.ts";
import { toPlan } from "../kernel/plan/plan.ts";
import { markerOf } from "./marker.ts";
import { type MovingHost, watched } from "./moving-host.ts";

/** Work that remains once an incoming guest runs here: texts for `ip -batch`, made before the wait. */
export interface Promotion {
  /** Its routed taps. */
  readonly taps: readonly IfName[];
  /** Standby routes become better than those that the other host announces still. */
  readonly promote: string;
  /** Better routes become those of a guest that was started here. */
  readonly settle: string;
}

/** Removes the next hop, which depends on what the host had learned (plan/next-hop.ts): the route is removed with any. */
export const withoutHop = (fact: Fact): Fact => (fact.kind === "route" ? { ...fact, via: null } : fact);

/** Facts that are not the same all the way. */
const moving = (domain: LiveGuest, arrival: Arrival) =>
  hostState(
    domain.nics
      .filter(isRouted)
      .flatMap((nic) => desiredRoutedNic(nic, domain.uuid, arrival).facts)
      .filter(({ kind }) => kind === "route" || kind === "neigh-proxy")
      .map((fact) => (arrival === "coming" ? withoutHop(fact) : fact)),
  );

const lines = (domain: LiveGuest, from: Arrival, to: Arrival): string =>
  toPlan(diff(moving(domain, to), moving(domain, from)))
    .map((step) => `${commandText(step)}\n`)
    .join("");

/** The promotion of a guest, or null when it has no routed NIC. */
export const promotionOf = (domain: LiveGuest): Promotion | null => {
  const taps = domain.nics.filter(isRouted).map(({ tap }) => tap);
  if (taps.length === 0) return null;
  return { taps, promote: lines(domain, "coming", "moved"), settle: lines(domain, "moved", "here") };
};

/** Leaves a process behind that promotes the guest's routes once it runs here: hooks/promote.sh. The marker then names the process. Rejects where that fails. */
export const leavePromoter = async (
  { name, uuid }: LiveGuest,
  { taps, promote, settle }: Promotion,
  host: MovingHost,
): Promise<void> => {
  await nextJob();
  const marker = markerOf(uuid);
  const words = [name, "promote", marker, promote.trimEnd(), settle.trimEnd()];
  const pid = await host.leave([...words, ...taps.map((tap) => watched(tap, host))]);
  host.writeFile(marker, `waiter ${String(pid)}\n`);
};
