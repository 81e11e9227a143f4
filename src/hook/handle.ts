import { messageOf } from "../values/error-text.ts";
import { nextJob } from "../values/in-job.ts";
import { type Converged, converge } from "../kernel/converge.ts";
import { desiredAt } from "../kernel/desired/desired-at.ts";
import type { Arrival } from "../move/arrival.ts";
import { combine, type Desired } from "../kernel/facts/desired.ts";
import { isBridged, isRouted, type LiveGuest, type Nic } from "../guest/nic.ts";
import { evpnBridgesOf, occasionOf } from "../kernel/occasion.ts";
import type { Host } from "../kernel/host.ts";
import { arrivalOf, isComing, portArrivalAt } from "../move/marker.ts";
import { routedArrivalAt } from "../move/answers.ts";
import type { Operation } from "./event.ts";
import { notesOnOthers, notesOnUplinks } from "./notes.ts";

const arrivalAt = (operation: Operation, domain: LiveGuest, host: Host): Arrival => {
  if (operation === "prepare") return isComing(domain, host) ? "coming" : "here";
  return arrivalOf(domain, host);
};

/** Actions of the hook, for the log, and its errors: none on success. */
export interface Handled {
  readonly done: readonly string[];
  /** Settings that work for now and are probably unintended. */
  readonly notes: readonly string[];
  readonly wrong: readonly string[];
}

const toHandled = (outcomes: readonly Converged[], arrival: Arrival): Handled => {
  const converged = outcomes.flatMap((outcome) => (outcome.kind === "converged" ? [outcome] : []));
  return {
    notes: [
      ...notesOnUplinks(converged.flatMap(({ missing }) => missing)),
      ...notesOnOthers(
        converged.flatMap(({ elsewhere }) => elsewhere),
        arrival,
      ),
    ],
    done: converged.flatMap(({ steps }) => steps),
    wrong: outcomes.flatMap((outcome) =>
      outcome.kind === "refused" ? outcome.reasons : outcome.kind === "failed" ? [outcome.reason] : [],
    ),
  };
};

const attempt = async (desired: Desired, host: Host): Promise<Converged> => {
  try {
    return await converge(desired, host);
  } catch (error) {
    return { kind: "failed", reason: messageOf(error) };
  }
};

/**
 * Does what one call of the hook is for. Setting up is all or nothing: when a NIC fails at `prepare`, the taps
 * that were made for the others go again. Repairing and clearing away go NIC by NIC to the end.
 */
export const handle = async (operation: Operation, domain: LiveGuest, host: Host): Promise<Handled> => {
  await nextJob();
  const arrival = domain.nics.some(isRouted) ? arrivalAt(operation, domain, host) : "here";
  const of = (nic: Nic): Arrival =>
    isBridged(nic)
      ? portArrivalAt(operation, nic, domain, host)
      : routedArrivalAt(operation, nic, arrival, host);
  const evpn = evpnBridgesOf(domain.nics, host);
  const parts = domain.nics.flatMap((nic) => {
    const occasion = occasionOf(nic, domain.uuid, of(nic), evpn);
    return desiredAt(operation, nic, occasion) ?? [];
  });
  if (operation === "reconnect" || operation === "release") {
    const outcomes: Converged[] = [];
    for (const part of parts) outcomes.push(await attempt(part, host));
    return toHandled(outcomes, arrival);
  }
  const handled = toHandled([await attempt(combine(parts), host)], arrival);
  if (handled.wrong.length > 0 && operation === "prepare") {
    const cleared = await handle("release", domain, host);
    return { done: [], notes: [], wrong: [...handled.wrong, ...cleared.wrong] };
  }
  return handled;
};
