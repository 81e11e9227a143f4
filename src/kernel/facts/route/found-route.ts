import { parseAddress, parsePrefix, partsOf, type Prefix, toHostPrefix } from "../../../values/address.ts";
import { MAIN_ID } from "../../../values/route-table.ts";
import { membersOf, asText } from "../../../values/json.ts";
import type { Query, Question } from "../question.ts";
import { ROUTE_PROTOCOL } from "./route.ts";
import type { Lookup } from "../scope.ts";

/** A route of the host's that answers to a {@link Lookup}, of any origin. */
export interface FoundRoute {
  readonly sought: Lookup;
  /** Null for a default route. */
  readonly to: Prefix | null;
  /** `discard` is blackhole, unreachable, prohibit and throw: a fallback for unused addresses. */
  readonly type: "unicast" | "local" | "discard";
  /** Null when it has several next hops. */
  readonly dev: string | null;
  /** Number of the protocol that made it (rtnetlink(7), "rtm_protocol"). */
  readonly protocol: number;
  /** Number of its table; null for what a lookup found, which is in the right one. */
  readonly table: number | null;
}

/** A network as iproute2 prints it: an address without its length is one host. */
const toNetwork = (text: string): Prefix | null => {
  const address = parseAddress(text);
  return address === null ? parsePrefix(text) : toHostPrefix(address);
};

/** Numbers of enum rtn_type in linux/rtnetlink.h: the host's own, among them what it broadcasts to, and what it throws away. */
const LOCAL: ReadonlySet<string> = new Set(["2", "3", "4"]);
const DISCARD: ReadonlySet<string> = new Set(["6", "7", "8", "9"]);

const toType = (type: string): FoundRoute["type"] =>
  LOCAL.has(type) ? "local" : DISCARD.has(type) ? "discard" : "unicast";

const read =
  (sought: Lookup, asked: "lookup" | "tables") =>
  (documents: readonly unknown[]): readonly FoundRoute[] =>
    documents.map(membersOf).map((entry) => ({
      sought,
      to: toNetwork(asText(entry["dst"]) ?? ""),
      type: toType(asText(entry["type"]) ?? ""),
      dev: asText(entry["dev"]),
      // Absent if the question named it.
      protocol: Number(asText(entry["protocol"]) ?? ROUTE_PROTOCOL),
      table: asked === "lookup" ? null : Number(asText(entry["table"]) ?? MAIN_ID),
    }));

const question = (verb: "get" | "show", args: string): Question => ({
  ...{ tool: "ip", object: "route", verb, dev: null, args },
});

/**
 * The questions that find who has a network. `fibmatch` is one lookup in the host's tables, however many routes they have. Only
 * a whole network needs a look for smaller ones inside it, among the routes of guests, and a table beside main a look at
 * all that may cover it. These are asked of all tables: `table 100` alone would mean IPv4 (iproute2 6.1, ip/iproute.c).
 */
export const lookupQueries = (sought: Lookup): readonly Query<FoundRoute>[] => {
  const { to, table } = sought;
  const { address } = partsOf(to);
  const inside = {
    ...question("show", `table all root ${to} proto ${String(ROUTE_PROTOCOL)}`),
    read: read(sought, "tables"),
  };
  const more = to === toNetwork(address) ? [] : [inside];
  if (table.kind !== "table") {
    // Not `vrf NAME`: a missing VRF ends the whole batch (iproute2 6.1), and another question reports the reason.
    const within = table.kind === "vrf" ? ` oif ${table.vrf}` : "";
    return [{ ...question("get", `fibmatch ${address}${within}`), read: read(sought, "lookup") }, ...more];
  }
  // Which of the host's rules lead to this table is not known here: only the host's own addresses come before all of them.
  const local = (documents: readonly unknown[]) =>
    read(sought, "lookup")(documents).filter(({ type }) => type === "local");
  return [
    { ...question("get", `fibmatch ${address}`), read: local },
    { ...question("show", `table all match ${to}`), read: read(sought, "tables") },
    ...more,
  ];
};
