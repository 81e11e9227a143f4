import { type BridgeNic, isRouted, type LiveDomain, type Nic } from "../../guest/nic.ts";
import type { Arrival } from "../../move/arrival.ts";
import { never } from "../../values/brand.ts";
import type { Desired } from "../facts/desired.ts";
import { desiredArrivingPort } from "./arriving-port.ts";
import { desiredBridge, desiredBridgePort, desiredNoPort } from "./bridge-port.ts";
import { desiredNewRoutedNic, desiredNoRoutedNic, desiredRoutedNic } from "./routed-nic.ts";

/** The moments of a guest's life at which something has to hold: the operations of libvirt's qemu hook that we act on. */
export type Operation = "prepare" | "start" | "reconnect" | "release";

/** libvirt has just made the port. Nothing that an earlier one left in the guard counts without the port's group, so nft may rest. */
const atStart = (desired: Desired, { tap: port, attachment: { bridge } }: BridgeNic): Desired => {
  const guarded = desired.facts.some(({ kind }) => kind === "port-group");
  return {
    ...desired,
    scope: { ...desired.scope, newPorts: [{ port, bridge }], guards: guarded ? [port] : [] },
  };
};

const leavesTraces = ({ attachment: { policy } }: BridgeNic): boolean =>
  policy.guard !== null || policy.uplinks?.mode === "follow-guests";

/** Returns what should hold for a NIC once the operation is through; null when the operation is nothing to it. */
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
      return isRouted(nic) ? desiredNewRoutedNic(nic, uuid, arrival) : desiredBridge(nic);
    case "start":
      // A routed tap is complete since `prepare`; libvirt leaves it alone (managed='no').
      return isRouted(nic) ? null : atStart(portOf(nic), nic);
    case "reconnect":
      return isRouted(nic) ? desiredRoutedNic(nic, uuid, arrival) : portOf(nic);
    case "release":
      // A bridge port died with QEMU; a tap of ours outlives it, and so do the elements of a guard.
      if (isRouted(nic)) return desiredNoRoutedNic(nic, uuid);
      return coming || leavesTraces(nic) ? desiredNoPort(nic, coming) : null;
    default:
      return never(operation);
  }
};
