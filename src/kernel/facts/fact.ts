import type { Address } from "../../values/address.ts";
import type { Mac } from "../../values/mac.ts";
import type { IfName } from "../../values/names.ts";
import type { NeighFact, NeighProxyFact, RouteFact } from "./route-fact.ts";

import type {
  FdbFact,
  FollowedFact,
  GuardFact,
  GuardRulesFact,
  PortFlagFact,
  PortGroupFact,
  PortVlanFact,
  UplinkVlanFact,
} from "./port-fact.ts";

export type * from "./port-fact.ts";

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

export {
  DEFAULT_METRIC,
  type NeighFact,
  type NeighProxyFact,
  ROUTE_PROTOCOL,
  type RouteFact,
} from "./route-fact.ts";

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
  | NeighFact
  | NeighProxyFact
  | SysctlFact
  | SourceCheckFact
  | PortGroupFact
  | GuardRulesFact
  | GuardFact
  | UplinkVlanFact
  | FollowedFact;
