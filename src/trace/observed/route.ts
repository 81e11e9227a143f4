import { asNumber, membersOf, asText } from "../../values/json.ts";
import { type Address, parseAddress, parsePrefix, type Prefix, toHostPrefix } from "../../values/address.ts";
import { MAIN_ID } from "../../values/route-table.ts";

/** Numbers of enum rtn_type in linux/rtnetlink.h, as `ip -N` prints them. */
const TYPES: Readonly<Record<string, RouteType>> = {
  ...{ "1": "unicast", "2": "local", "3": "broadcast", "4": "anycast", "5": "multicast" },
  ...{ "6": "blackhole", "7": "unreachable", "8": "prohibit", "9": "throw" },
};

export type RouteType =
  | ("unicast" | "local" | "broadcast" | "anycast" | "multicast")
  | ("blackhole" | "unreachable" | "prohibit" | "throw");

/** Types that end a packet. */
export const DISCARDS: ReadonlySet<RouteType> = new Set(["blackhole", "unreachable", "prohibit"]);

/** A route, as it is in a table or as a lookup found it. */
export interface Route {
  readonly type: RouteType;
  /** Null for a default route. */
  readonly to: Prefix | null;
  /** Null when it has several next hops. */
  readonly dev: string | null;
  readonly via: Address | null;
  readonly table: number;
  readonly metric: number;
}

const toPrefix = (text: string): Prefix | null => {
  const address = parseAddress(text);
  return address === null ? parsePrefix(text) : toHostPrefix(address);
};

/** Reads what `ip -json -details -N route show` or `route get` prints. */
export const parseRoutes = (documents: readonly unknown[]): readonly Route[] =>
  documents.map(membersOf).map((entry) => ({
    type: TYPES[asText(entry["type"]) ?? ""] ?? "unicast",
    to: toPrefix(asText(entry["dst"]) ?? ""),
    dev: asText(entry["dev"]),
    via: parseAddress(asText(entry["gateway"]) ?? asText(membersOf(entry["via"])["host"]) ?? ""),
    table: Number(asText(entry["table"]) ?? MAIN_ID),
    metric: asNumber(entry["metric"]) ?? 0,
  }));

/** A question for the kernel: the route of a packet that comes in by a device, or leaves the host itself. */
export interface RouteLookup {
  readonly to: Address;
  readonly from: Address | null;
  /** The device that the packet comes in by; null for a packet of the host's own, of which only the route is asked for. */
  readonly in: string | null;
  /** The device, or the VRF, that it must leave by. */
  readonly out: string | null;
}

/** Returns the line of a batch of ip(8) that asks it. */
export const lookupLine = ({ to, from, in: iif, out }: RouteLookup): string =>
  [
    "route get",
    ...(iif === null ? ["fibmatch"] : []),
    to,
    ...(from === null || iif === null ? [] : ["from", from]),
    ...(iif === null ? [] : ["iif", iif]),
    ...(out === null ? [] : ["oif", out]),
  ].join(" ");

/** What the kernel answered: a route, or its error in the words of strerror(3). */
export type Answer =
  { readonly kind: "route"; readonly route: Route } | { readonly kind: "refused"; readonly error: string };
