import type { IfName } from "../../../values/names.ts";
import { nft } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { asList, membersOf, asText, type JsonObject } from "../../../values/json.ts";

/** The sets of the table, and what an element of each is; the first part is always the port. */
export const GUARD_SETS = {
  routers: "type ifname",
  "dhcp-servers": "type ifname",
  "mac-sources": "type ifname . ether_addr",
  "arp-senders": "type ifname . ether_addr . ipv4_addr",
  "ipv4-sources": "type ifname . ipv4_addr",
  "ipv6-sources": "type ifname . ipv6_addr",
  // nftables has no name for the target before 1.0.7, so it is the 128 bits behind the ICMPv6 header (RFC 4861, 4.3).
  "nd-targets": "typeof iifname . @th,64,128",
} as const;
export type GuardSet = keyof typeof GUARD_SETS;

/** Something that a port's guest may send: an element of a set, without its first part, which is the port. */
export interface GuardFact {
  readonly kind: "guard";
  readonly port: IfName;
  readonly set: GuardSet;
  readonly element: string;
}

const isGuardSet = (name: string | null): name is GuardSet => name !== null && name in GUARD_SETS;

/** An element's parts: nft prints one part alone as itself. */
const partsOf = (element: unknown): readonly string[] => {
  const concat = membersOf(element)["concat"];
  const parts = concat === undefined ? [element] : asList(concat);
  return parts.map((part) => asText(part) ?? "");
};

const elementsOf = (set: JsonObject, ports: ReadonlySet<string>): readonly GuardFact[] => {
  const name = asText(set["name"]);
  if (!isGuardSet(name)) return [];
  return asList(set["elem"]).flatMap((element): readonly GuardFact[] => {
    const [port = "", ...rest] = partsOf(element);
    return ports.has(port)
      ? [{ kind: "guard", port: port as IfName, set: name, element: rest.join(" . ") }]
      : [];
  });
};

const elementWords = ({ port, element }: GuardFact, quote: string): string =>
  `${quote}${port}${quote}${element === "" ? "" : ` . ${element}`}`;

/** The command for one element. */
const line = (verb: "add" | "delete", fact: GuardFact) => [
  nft(`${verb} element bridge guestnet ${fact.set} { ${elementWords(fact, '"')} }`),
];

export const guard: FactKind<GuardFact> = {
  key: ({ port, set, element }) => `${port} ${set} ${element}`,
  // An element outlives the port.
  device: () => null,
  slot: ({ kind }) => (kind === "remove" ? "remove guard" : "add guard"),
  add: ([fact]) => line("add", fact),
  remove: ([fact]) => line("delete", fact),
  describe: ([fact]) => `${elementWords(fact, "")} in the set ${fact.set} of allowed senders`,
  observe: {
    from: "table",
    family: "bridge",
    isWanted: ({ guards }) => guards.length > 0,
    read: (document, { guards }) => {
      const ports = new Set<string>(guards);
      return asList(membersOf(document)["nftables"]).flatMap((item) =>
        elementsOf(membersOf(membersOf(item)["set"]), ports),
      );
    },
  },
};
