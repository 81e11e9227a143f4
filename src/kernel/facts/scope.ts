import type { Address, Prefix } from "../../values/address.ts";
import type { IfName } from "../../values/names.ts";
import type { RouteTable } from "../../values/route-table.ts";
import type { Vid } from "../../values/vid.ts";

/** A tap that guestnet makes. With another alias, a device of that name is foreign. */
export interface OwnTap {
  readonly dev: IfName;
  readonly alias: string;
  /** The name under which it is made, before it has its alias: see tap.ts. */
  readonly draft: IfName;
  /** Its routes may exist next to others to the same network. */
  readonly anycast: boolean;
}

/** A port that libvirt has made a moment ago: what it is like is known without asking. */
export interface NewPort {
  readonly port: IfName;
  readonly bridge: IfName;
}

/** A network that a guest is to have, in the table in which it will be routed: who has it is asked before. */
export interface Lookup {
  readonly to: Prefix;
  readonly table: RouteTable;
}

/** The uplinks of a bridge, and the VLANs in which a NIC needs them. */
export interface Trunking {
  readonly bridge: IfName;
  readonly uplinks: readonly IfName[];
  readonly mode: "static" | "follow-guests";
  readonly vids: readonly Vid[];
  /** Whether the guest is there, or has just gone. */
  readonly present: boolean;
}

/** The part of the host that belongs to these NICs: guestnet observes it, and removes nothing else. */
export interface Scope {
  /** Devices to look at: taps and the bridges they belong to. */
  readonly links: readonly IfName[];
  /** Bridge ports whose VLANs and static forwarding entries guestnet owns entirely. */
  readonly ports: readonly IfName[];
  /** Those of the ports that are new; when all are, nothing is asked before the first change. */
  readonly newPorts: readonly NewPort[];
  /** Taps whose addresses, and routes of guestnet's protocol, guestnet owns entirely. */
  readonly taps: readonly OwnTap[];
  /** Names of taps that may have been left half made. Asked before the first change only. */
  readonly drafts: readonly IfName[];
  /** Neighbour proxies that guestnet owns if they have its protocol. */
  readonly proxies: readonly { readonly address: Address; readonly dev: IfName }[];
  /** Networks of which to see who has them. Asked before the first change only. */
  readonly lookups: readonly Lookup[];
  /** Settings to observe, set by guestnet or only demanded. */
  readonly sysctls: readonly string[];
  readonly sourceCheck: boolean;
  /** Bridge ports whose elements in the sets of the guard guestnet owns entirely. */
  readonly guards: readonly IfName[];
  readonly trunkings: readonly Trunking[];
  /** Bridges whose ports may have no VLAN device that takes a guest's frames away. */
  readonly bridges: readonly IfName[];
  /** Bridges with ports that learn, which must not do so from frames to link-local addresses. */
  readonly learningBridges: readonly IfName[];
}

export const NO_SCOPE: Scope = {
  links: [],
  ports: [],
  newPorts: [],
  taps: [],
  drafts: [],
  proxies: [],
  lookups: [],
  sysctls: [],
  sourceCheck: false,
  guards: [],
  trunkings: [],
  bridges: [],
  learningBridges: [],
};

/** Returns what is left to ask once the first change has been made. */
export const afterFirstChange = (scope: Scope): Scope => ({ ...scope, drafts: [], lookups: [] });

/** Returns the scope of several NICs: what they share (a bridge, a VRF) is looked at once. */
export const combineScopes = (scopes: readonly Scope[]): Scope => {
  const all = <T>(pick: (scope: Scope) => readonly T[]): readonly T[] => [...new Set(scopes.flatMap(pick))];
  return {
    links: all(({ links }) => links),
    newPorts: all(({ newPorts }) => newPorts),
    ports: all(({ ports }) => ports),
    taps: all(({ taps }) => taps),
    drafts: all(({ drafts }) => drafts),
    proxies: all(({ proxies }) => proxies),
    lookups: all(({ lookups }) => lookups),
    sysctls: all(({ sysctls }) => sysctls),
    trunkings: all(({ trunkings }) => trunkings),
    bridges: all(({ bridges }) => bridges),
    learningBridges: all(({ learningBridges }) => learningBridges),
    guards: all(({ guards }) => guards),
    sourceCheck: scopes.some(({ sourceCheck }) => sourceCheck),
  };
};
