import type { Prefix } from "../../values/address.ts";
import type { RouteTable } from "../../values/route-table.ts";

/** A network that a guest is to have, in the table in which it will be routed: who has it is asked before. */
export interface Lookup {
  readonly to: Prefix;
  readonly table: RouteTable;
}

/** A route of the host's that answers to a {@link Lookup}, whoever made it. */
export interface FoundRoute {
  readonly sought: Lookup;
  /** Null for a default route. */
  readonly to: Prefix | null;
  /** `discard` is blackhole, unreachable, prohibit and throw: a fallback for what nobody has. */
  readonly type: "unicast" | "local" | "discard";
  /** Null when it has several next hops. */
  readonly dev: string | null;
  /** Number of the protocol that made it (rtnetlink(7), "rtm_protocol"). */
  readonly protocol: number;
  /** Number of its table; null for what a lookup found, which is in the right one. */
  readonly table: number | null;
}
