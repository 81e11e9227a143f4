import type { Mac } from "../../values/mac.ts";
import type { IfName } from "../../values/names.ts";
import type { GuardSet } from "../nft/port-guard.ts";
import type { Vid } from "../../values/vid.ts";

// What is true of the ports of bridges: the guests' and the uplinks'.

/** A port's membership in one VLAN. A port's desired list is complete: what is observed and not desired, goes. */
export interface PortVlanFact {
  readonly kind: "port-vlan";
  readonly port: IfName;
  readonly vid: Vid;
  readonly pvid: boolean;
  readonly untagged: boolean;
}

export type PortFlag = "isolated" | "learning" | "locked" | "guard" | "root_block";
export interface PortFlagFact {
  readonly kind: "port-flag";
  readonly port: IfName;
  readonly flag: PortFlag;
  readonly on: boolean;
}

/**
 * A static entry of the forwarding database: with `locked on`, what lets the guest's own frames in. One that is not sticky
 * moves, static or not, to a learning port that a frame of its address comes in by (br_fdb_update, net/bridge/br_fdb.c).
 */
export interface FdbFact {
  readonly kind: "fdb";
  readonly port: IfName;
  readonly mac: Mac;
  readonly vid: Vid;
  readonly sticky: boolean;
}

/** The interface group of a bridge port, where we set one. */
export interface PortGroupFact {
  readonly kind: "port-group";
  readonly port: IfName;
  readonly group: number;
}

/** The nftables chain that checks what guests on bridge ports say, known by the comments of its rules. */
export interface GuardRulesFact {
  readonly kind: "guard-rules";
  readonly rules: readonly string[];
}

/** Something that a port's guest may say: an element of a set, without its first part, which is the port. */
export interface GuardFact {
  readonly kind: "guard";
  readonly port: IfName;
  readonly set: GuardSet;
  readonly element: string;
}

/** A tagged VLAN on an uplink of a bridge whose uplinks follow the guests. */
export interface UplinkVlanFact {
  readonly kind: "uplink-vlan";
  readonly uplink: IfName;
  readonly vid: Vid;
}

/**
 * Our mark in nftables that a VLAN comes and goes on an uplink with the guests; one that is there without it is the
 * administrator's. It is never taken away: it ends with the host's uptime, like the VLAN.
 */
export interface FollowedFact {
  readonly kind: "followed";
  readonly uplink: IfName;
  readonly vid: Vid;
}
