import { parseAddress } from "../../values/address.ts";
import type { Hop } from "../hop.ts";
import { type Match, matchOf, nftMatch } from "./match.ts";

/** Rules that dropped the packet, or its answer. */
export interface Drop {
  readonly leg: Hop["leg"];
  readonly host: string;
  /** `FAMILY TABLE CHAIN`. */
  readonly chain: string;
  /** In the words of nft(8); null for the policy of the chain. */
  readonly rule: string | null;
  readonly packets: number;
}

/** Before everything else: what sets a packet's mark for tracing comes at -1000, connection tracking at -200 (nft(8), "Priority"). */
const FIRST = "-1000";

const LEGS = ["there", "back"] as const;

const chainsOf = (family: "inet" | "bridge", table: string, match: Match): readonly string[] => [
  // The kernel removes a table with the flag `owner` when the program that added it ends, in whatever way (nft(8), "TABLES").
  `add table ${family} ${table} { flags owner; }`,
  ...["prerouting", "output"].flatMap((hook) => [
    `add chain ${family} ${table} ${hook} { type filter hook ${hook} priority ${FIRST}; }`,
    ...LEGS.map(
      (leg) =>
        `add rule ${family} ${table} ${hook} ${nftMatch(matchOf(leg, match), family)} meta nftrace set 1`,
    ),
  ]),
];

/**
 * Returns what an interactive nft is told: to have the packet and its answer traced, and to print what their rules did. The
 * tables are those of this nft alone.
 */
export const tracingInput = (table: string, match: Match): string => {
  const { source, destination } = match.packet;
  // Without an address, a rule of the IP families would match the packets of all.
  const routed = source === null && destination === null ? [] : chainsOf("inet", table, match);
  return [...routed, ...chainsOf("bridge", table, match), "monitor trace", ""].join("\n");
};

/** `trace id ID FAMILY TABLE CHAIN`, what is told, and that; an interactive nft may have printed its prompt before. */
const EVENT = /trace id (\S+) (\S+ \S+ \S+) (packet:|rule|policy) ?(.*)$/;

/** The direction of a packet, by its sender. What another program has rewritten counts as the packet. */
const legOf = (words: string, { packet, macs }: Match): Hop["leg"] => {
  const { destination } = packet;
  const [, address = ""] = /\bip6? saddr (\S+)/.exec(words) ?? [];
  const [, mac = ""] = /\bether saddr (\S+)/.exec(words) ?? [];
  const isBack =
    destination === null
      ? macs.destination.some((own) => own === mac)
      : parseAddress(address) === destination;
  return isBack ? "back" : "there";
};

/** Returns the rule that an event says has dropped the packet; null for the policy of the chain, undefined where it is not dropped. */
const dropIn = (kind: string, rest: string): string | null | undefined =>
  kind === "policy"
    ? rest.trim() === "drop"
      ? null
      : undefined
    : /^(.*) \(verdict drop\)\s*$/.exec(rest)?.[1];

/** Reads what `nft monitor trace` prints: the rules that dropped packets. */
export const readDrops = (text: string, match: Match, host: string): readonly Drop[] => {
  const legs = new Map<string, Hop["leg"]>();
  const drops = new Map<string, Drop>();
  for (const line of text.split("\n")) {
    const [, id = "", chain = "", kind = "", rest = ""] = EVENT.exec(line) ?? [];
    if (kind === "packet:") legs.set(id, legOf(rest, match));
    if (kind === "packet:" || kind === "") continue;
    const rule = dropIn(kind, rest);
    if (rule === undefined) continue;
    const drop = { leg: legs.get(id) ?? "there", host, chain, rule };
    const key = JSON.stringify(drop);
    drops.set(key, { ...drop, packets: (drops.get(key)?.packets ?? 0) + 1 });
  }
  return [...drops.values()];
};
