import { ip } from "../kernel/facts/command.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import { deviceOf, equal, hostState, keyOf } from "../kernel/facts/fact.ts";
import type { Observed } from "../kernel/facts/observed.ts";
import type { Plan, Purpose, Step } from "../kernel/facts/step.ts";
import { initialFacts } from "../kernel/observe/new-port.ts";
import type { IfName } from "../values/names.ts";

/** A guest's tap that is not a port of its bridge any more, and how it becomes one again. */
export interface Reattach {
  readonly port: IfName;
  readonly bridge: IfName;
  /** Whether it is on its bridge again already, as new: switched off, in none of its VLANs. */
  readonly joined: boolean;
  /** Steps before its VLANs are right, and after. */
  readonly before: Plan;
  readonly after: Plan;
}

const step = (line: string, purpose: Purpose): Step => ({ ...ip(line), purpose });

const open = (port: IfName): Step => step(`link set dev ${port} up`, { kind: "open-port", port });

/** Whether a port has none of its VLANs and forwarding entries but those that the kernel gives any new port. */
const isAsNew = ({ facts }: Desired, observed: Observed, port: IfName, defaultPvid: number): boolean => {
  const initial = hostState(initialFacts(port, defaultPvid));
  const given = facts.filter(
    (fact) =>
      (fact.kind === "port-vlan" || fact.kind === "fdb") &&
      deviceOf(fact) === port &&
      !equal(fact, initial.get(keyOf(fact))),
  );
  return given.length > 0 && given.every((fact) => !equal(fact, observed.facts.get(keyOf(fact))));
};

/**
 * How the tap comes back: switched off, because the bridge puts a new port into its default VLAN at once, and on when its VLANs
 * are right. It goes on also when it was off: ifupdown2 switches off what it takes off a bridge, and an earlier repair that
 * failed left it so. A person who switches a tap off leaves it on its bridge, with its VLANs. QEMU and the guest see no change
 * of its link.
 *
 * @returns null when nothing is to be done, or nothing can be: no tap, or no bridge
 */
export const reattachOf = (desired: Desired, observed: Observed): Reattach | null => {
  const { devices } = observed;
  for (const demand of desired.demands) {
    if (demand.kind !== "port-of") continue;
    const { tap: port, bridge } = demand;
    const device = devices.get(port);
    const on = devices.get(bridge)?.bridge;
    if (device === undefined || device.tap === null || on?.vlanFiltering !== true) continue;
    const found = device.master;
    const joined = found === bridge;
    if (joined && (device.up || !isAsNew(desired, observed, port, on.defaultPvid))) continue;
    const close = step(`link set dev ${port} down`, { kind: "close-port", port });
    const attach = step(`link set dev ${port} master ${bridge}`, {
      kind: "attach-port",
      port,
      bridge,
      found,
    });
    return {
      ...{ port, bridge, joined },
      before: [...(device.up ? [close] : []), ...(joined ? [] : [attach])],
      after: [open(port)],
    };
  }
  return null;
};

/** Returns what will be observed right after the port has been attached: what a new port has, and none of what it had before. */
export const afterReattach = (observed: Observed, { port, bridge, joined }: Reattach): Observed => {
  if (joined) return observed;
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
