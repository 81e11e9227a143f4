import type { BridgeAttachment } from "../../guest/attachment.ts";
import type { BridgeNic } from "../../guest/nic.ts";
import { never } from "../../values/brand.ts";
import type { Desired } from "../facts/desired.ts";
import { desiredArrivingPort } from "./arriving-port.ts";
import { desiredBridge, desiredBridgePort, desiredNoPort, groupOf } from "./bridge-port.ts";
import type { DesireOf } from "./operation.ts";

/** libvirt has just made the port. Nothing that an earlier one left in the guard counts without the port's group, so nft may rest. */
const atStart = (desired: Desired, { tap: port, attachment: { bridge } }: BridgeNic): Desired => {
  const guarded = desired.facts.some(({ kind }) => kind === "port-group");
  return {
    ...desired,
    scope: { ...desired.scope, newPorts: [{ port, bridge }], guards: guarded ? [port] : [] },
  };
};

const leavesTraces = ({ attachment: { policy } }: BridgeNic): boolean =>
  groupOf(policy) !== null || policy.uplinks?.mode === "follow-guests";

/** A bridge NIC: libvirt makes its tap between `prepare` and `start`, and it goes with QEMU. */
export const desireOfBridgeNic: DesireOf<BridgeAttachment> = (operation, nic, { arrival }) => {
  const coming = arrival === "coming";
  const portOf = coming ? desiredArrivingPort : desiredBridgePort;
  switch (operation) {
    case "prepare":
      return desiredBridge(nic);
    case "start":
      return atStart(portOf(nic), nic);
    case "reconnect":
      return portOf(nic);
    case "release":
      // The elements of a guard outlive the port.
      return coming || leavesTraces(nic) ? desiredNoPort(nic, coming) : null;
    default:
      return never(operation);
  }
};
