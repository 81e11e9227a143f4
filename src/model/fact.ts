import type { Address } from "./address.ts";
import type { Mac } from "./mac.ts";
import type { IfName } from "./names.ts";
import type { GuardSet } from "./port-guard.ts";
import type { NeighProxyFact, RouteFact } from "./route-fact.ts";
import type { Vid } from "./vid.ts";

/**
 * A tap that we made: it outlives QEMU (`IFF_PERSIST`) and says in its alias whose it is.
 *
 * A tap is made by an ioctl that knows no alias. So it is made under a name that nobody else uses, and gets its own name and
 * its alias in one message (RTM_NEWLINK): wherever we are killed, a device of the tap's name says whose it is.
 */
export interface TapFact {
  readonly kind: "tap";
  readonly dev: IfName;
  readonly draft: IfName;
  readonly alias: string;
  /** Fixed when the tap is made; must equal what libvirt asks for (`<driver queues>` above 1). */
  readonly multiQueue: boolean;
}

/** A tap that was being made when the hook was killed. */
export interface TapDraftFact {
  readonly kind: "tap-draft";
  readonly dev: IfName;
}

/** The settings of a tap of ours that can be changed while it lives. */
export interface LinkFact {
  readonly kind: "link";
  readonly dev: IfName;
  /** The VRF that it is in. */
  readonly master: IfName | null;
  readonly mac: Mac;
  readonly group: number;
  readonly mtu: number;
  readonly up: boolean;
}

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

/** A static entry of the forwarding database: with `locked on`, what lets the guest's own frames in. */
export interface FdbFact {
  readonly kind: "fdb";
  readonly port: IfName;
  readonly mac: Mac;
  readonly vid: Vid;
}

export interface AddressFact {
  readonly kind: "address";
  readonly dev: IfName;
  readonly address: Address;
  readonly length: number;
}

/** A file below /proc/sys, named as sysctl(8) does with slashes: an interface's name may hold dots. */
export interface SysctlFact {
  readonly kind: "sysctl";
  readonly name: string;
  readonly value: string;
}

/** The nftables table with the source check of all routed taps, known by the comments of its rules. */
export interface SourceCheckFact {
  readonly kind: "source-check";
  readonly rules: readonly string[];
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

export { DEFAULT_METRIC, type NeighProxyFact, ROUTE_PROTOCOL, type RouteFact } from "./route-fact.ts";

/** One thing that is true, or should be, about the host. */
export type Fact =
  | TapFact
  | TapDraftFact
  | LinkFact
  | PortVlanFact
  | PortFlagFact
  | FdbFact
  | AddressFact
  | RouteFact
  | NeighProxyFact
  | SysctlFact
  | SourceCheckFact
  | PortGroupFact
  | GuardRulesFact
  | GuardFact;
