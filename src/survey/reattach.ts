import { ip } from "../kernel/facts/command.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import { deviceOf, hostState } from "../kernel/facts/fact.ts";
import type { Observed } from "../kernel/facts/observed.ts";
import type { Plan, Purpose, Step } from "../kernel/facts/step.ts";
import { initialFacts } from "../kernel/observe/new-port.ts";
import type { IfName } from "../values/names.ts";

/** A guest's tap that is not a port of its bridge any more, and how it becomes one again. */
export interface Reattach {
  readonly port: IfName;
  readonly bridge: IfName;
  /** Steps before its VLANs are right, and after. */
  readonly before: Plan;
  readonly after: Plan;
}

const step = (line: string, purpose: Purpose): Step => ({ ...ip(line), purpose });

/**
 * How the tap comes back: switched off, because the bridge puts a new port into its default VLAN at once, and on again when
 * its VLANs are right. A tap that was off stays so. QEMU and the guest see no change of its link.
 *
 * @returns null when nothing is to be done, or nothing can be: no tap, or no bridge
 */
export const reattachOf = ({ demands }: Desired, { devices }: Observed): Reattach | null => {
  for (const demand of demands) {
    if (demand.kind !== "port-of") continue;
    const { tap: port, bridge } = demand;
    const device = devices.get(port);
    if (device === undefined || device.tap === null || device.master === bridge) continue;
    if (devices.get(bridge)?.bridge?.vlanFiltering !== true) continue;
    const close = step(`link set dev ${port} down`, { kind: "close-port", port });
    const found = device.master;
    return {
      port,
      bridge,
      before: [
        ...(device.up ? [close] : []),
        step(`link set dev ${port} master ${bridge}`, { kind: "attach-port", port, bridge, found }),
      ],
      after: device.up ? [step(`link set dev ${port} up`, { kind: "open-port", port })] : [],
    };
  }
  return null;
};

/** Returns what will be observed right after the port has been attached: what a new port has, and none of what it had before. */
export const afterReattach = (observed: Observed, { port, bridge }: Reattach): Observed => {
  const device = observed.devices.get(port);
  // The host's own settings of a device do not depend on its bridge, and stay.
  const stays = [...observed.facts.values()].filter(
    (fact) => deviceOf(fact) !== port || fact.kind === "sysctl",
  );
  const pvid = observed.devices.get(bridge)?.bridge?.defaultPvid ?? 0;
  return {
    ...observed,
    devices:
      device === undefined
        ? observed.devices
        : new Map([...observed.devices, [port, { ...device, master: bridge }]]),
    facts: hostState([...stays, ...initialFacts(port, pvid)]),
  };
};
