import { type Converged, converge } from "../kernel/converge.ts";
import { desiredArrivingPort } from "../kernel/desired/arriving-port.ts";
import { desiredBridge, desiredBridgePort, desiredNoPort } from "../kernel/desired/bridge-port.ts";
import { desiredFreeNetworks } from "../kernel/desired/free-networks.ts";
import { desiredNoNeighProxies } from "../kernel/desired/neigh-proxies.ts";
import { desiredRoutedNic } from "../kernel/desired/routed-nic.ts";
import { desiredNoTap } from "../kernel/desired/routed-tap.ts";
import { together } from "../kernel/desired/together.ts";
import type { Arrival } from "../move/arrival.ts";
import { never } from "../values/brand.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import { type BridgeNic, isRouted, type LiveDomain, type Nic } from "../guest/nic.ts";
import type { Host } from "../kernel/host.ts";
import { arrivalOf, isComing, portArrivalAt } from "../move/marker.ts";
import type { Operation } from "./event.ts";
import { notesOnOthers, notesOnUplinks } from "./notes.ts";

/** libvirt has just made the port. Nothing that an earlier one left in the guard counts without the port's group, so nft may rest. */
const atStart = (desired: Desired, { tap: port, attachment: { bridge } }: BridgeNic): Desired => {
  const guarded = desired.facts.some(({ kind }) => kind === "port-group");
  return {
    ...desired,
    scope: { ...desired.scope, fresh: [{ port, bridge }], guards: guarded ? [port] : [] },
  };
};

const leavesTraces = ({ attachment: { policy } }: BridgeNic): boolean =>
  policy.guard !== null || policy.uplinks?.mode === "follow-guests";

const arrivalAt = (operation: Operation, domain: LiveDomain, host: Host): Arrival => {
  if (operation === "prepare") return isComing(domain, host) ? "coming" : "here";
  return arrivalOf(domain, host);
};

/** What should hold for a NIC once the operation is through; null when the operation is nothing to it. */
export const desiredAt = (
  operation: Operation,
  nic: Nic,
  { uuid }: LiveDomain,
  arrival: Arrival,
): Desired | null => {
  const coming = arrival === "coming";
  const portOf = coming ? desiredArrivingPort : desiredBridgePort;
  switch (operation) {
    case "prepare":
      return isRouted(nic)
        ? together([desiredRoutedNic(nic, uuid, arrival), desiredFreeNetworks(nic)])
        : desiredBridge(nic);
    case "start":
      // A routed tap is complete since `prepare`; libvirt leaves it alone (managed='no').
      return isRouted(nic) ? null : atStart(portOf(nic), nic);
    case "reconnect":
      return isRouted(nic) ? desiredRoutedNic(nic, uuid, arrival) : portOf(nic);
    case "release":
      // A bridge port died with QEMU; a tap of ours outlives it, and so do the elements of a guard.
      if (isRouted(nic)) return together([desiredNoNeighProxies(nic), desiredNoTap(nic, uuid)]);
      return coming || leavesTraces(nic) ? desiredNoPort(nic, coming) : null;
    default:
      return never(operation);
  }
};

/** What the hook did, for the log, and what went wrong: empty when nothing did. */
export interface Handled {
  readonly done: readonly string[];
  /** What works for now and is probably not meant. */
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
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
};

/**
 * Does what one call of the hook is for. Setting up is all or nothing: when a NIC fails at `prepare`, the taps
 * that were made for the others go again. Repairing and clearing away go NIC by NIC to the end.
 */
export const handle = async (operation: Operation, domain: LiveDomain, host: Host): Promise<Handled> => {
  const arrival = domain.nics.some(isRouted) ? arrivalAt(operation, domain, host) : "here";
  const of = (nic: Nic): Arrival => (isRouted(nic) ? arrival : portArrivalAt(operation, nic, domain, host));
  const parts = domain.nics.flatMap((nic) => desiredAt(operation, nic, domain, of(nic)) ?? []);
  if (operation === "reconnect" || operation === "release") {
    const outcomes: Converged[] = [];
    for (const part of parts) outcomes.push(await attempt(part, host));
    return toHandled(outcomes, arrival);
  }
  const handled = toHandled([await attempt(together(parts), host)], arrival);
  if (handled.wrong.length > 0 && operation === "prepare") {
    const cleared = await handle("release", domain, host);
    return { done: [], notes: [], wrong: [...handled.wrong, ...cleared.wrong] };
  }
  return handled;
};
