import type { IfName } from "../../../values/names.ts";
import { sysfs } from "../command.ts";
import { type Device, deviceQuestion, parseDevice } from "../device.ts";
import type { FactKind } from "../fact-kind.ts";

/** Interface group of the bridge ports whose addresses are checked: it goes with the tap, so no new tap inherits a check. */
export const GUARD_GROUP = 77;

/**
 * Interface groups of ports whose guest still runs on the host that it comes from; `guarded` where its addresses are checked,
 * too. The group is the state: it goes with the tap.
 */
export const ARRIVING_GROUPS = { plain: 81, guarded: 82 } as const;

/** Interface groups of ports on which the bridge learns: a MAC address of their guest moves between ports, or a daemon announces what it learns. */
export const LEARNING_GROUPS = { plain: 83, guarded: 84 } as const;

/** The groups of ports whose MAC addresses are checked by nftables, and not by a lock. */
export const UNLOCKED_GROUPS: readonly number[] = [
  ...Object.values(ARRIVING_GROUPS),
  ...Object.values(LEARNING_GROUPS),
];

/** The groups of ports whose addresses are checked. */
export const GUARDED_GROUPS: readonly number[] = [
  GUARD_GROUP,
  ARRIVING_GROUPS.guarded,
  LEARNING_GROUPS.guarded,
];

/** The groups that guestnet sets on bridge ports. */
export const PORT_GROUPS: readonly number[] = [...new Set([...GUARDED_GROUPS, ...UNLOCKED_GROUPS])];

/** The interface group of a bridge port, where guestnet sets one. */
export interface PortGroupFact {
  readonly kind: "port-group";
  readonly port: IfName;
  readonly group: number;
}

/** Reads that a bridge port is in guestnet's group. */
export const observeGroup = ({
  name: port,
  group,
}: Pick<Device, "name" | "group">): readonly PortGroupFact[] =>
  PORT_GROUPS.includes(group) ? [{ kind: "port-group", port, group }] : [];

/** A write below /sys starts no process. */
const set = (port: IfName, group: number) => [
  sysfs({ name: `class/net/${port}/netdev_group`, value: String(group) }),
];

export const portGroup: FactKind<PortGroupFact> = {
  key: ({ port }) => port,
  device: ({ port }) => port,
  slot: () => "set port-group",
  add: ([{ port, group }]) => set(port, group),
  remove: ([{ port }]) => set(port, 0),
  describe: ([{ port, group }]) => `group ${String(group)} of ${port}`,
  observe: {
    from: "questions",
    queries: ({ ports }) =>
      ports.map((port) => ({
        ...deviceQuestion(port),
        read: (documents) => documents.map(parseDevice).flatMap(observeGroup),
      })),
  },
};
