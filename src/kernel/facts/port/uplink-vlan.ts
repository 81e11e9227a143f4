import type { IfName } from "../../../values/names.ts";
import type { Vid } from "../../../values/vid.ts";
import { bridge } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";

/** A tagged VLAN on an uplink of a bridge whose uplinks follow the guests. */
export interface UplinkVlanFact {
  readonly kind: "uplink-vlan";
  readonly uplink: IfName;
  readonly vid: Vid;
}

const words = ({ uplink, vid }: UplinkVlanFact): string => `dev ${uplink} vid ${String(vid)}`;

export const uplinkVlan: FactKind<UplinkVlanFact> = {
  key: words,
  // It belongs to the host, and outlives the guest's devices.
  device: () => null,
  slot: ({ kind }) => (kind === "remove" ? "remove uplink-vlan" : "add uplink-vlan"),
  add: ([fact]) => [bridge(`vlan add ${words(fact)}`)],
  remove: ([fact]) => [bridge(`vlan del ${words(fact)}`)],
  describe: ([{ uplink, vid }]) => `VLAN ${String(vid)} on uplink ${uplink}`,
  observe: { from: "ports" },
};
