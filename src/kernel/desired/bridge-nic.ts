import type { BridgeAttachment } from "../../guest/attachment.ts";
import type { BridgeNic } from "../../guest/nic.ts";
import { never } from "../../values/brand.ts";
import type { Desired } from "../facts/desired.ts";
import { desiredBridge, desiredBridgePort, desiredNoPort, groupOf } from "./bridge-port.ts";
import { desiredArrivingPort, desiredEvpnPort } from "./learning-port.ts";
import type { DesireOf, Occasion } from "./operation.ts";

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

const portOf = (nic: BridgeNic, { arrival, evpn }: Occasion): Desired => {
  if (arrival === "coming") return desiredArrivingPort(nic, evpn);
  return evpn ? desiredEvpnPort(nic) : desiredBridgePort(nic);
};

/** A bridge NIC: libvirt makes its tap between `prepare` and `start`, and it goes with QEMU. */
export const desireOfBridgeNic: DesireOf<BridgeAttachment> = (operation, nic, occasion) => {
  // nftables permits its MAC addresses.
  const learns = occasion.arrival === "coming" || occasion.evpn;
  switch (operation) {
    case "prepare":
      return desiredBridge(nic);
    case "start":
      return atStart(portOf(nic, occasion), nic);
    case "reconnect":
      return portOf(nic, occasion);
    case "release":
      // The elements of a guard outlive the port.
      return learns || leavesTraces(nic) ? desiredNoPort(nic, learns) : null;
    default:
      return never(operation);
  }
};
