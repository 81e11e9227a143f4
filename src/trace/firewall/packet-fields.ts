import type { Mac } from "../../values/mac.ts";
import { type Address, toInteger } from "../../values/address.ts";
import type { Vid } from "../../values/vid.ts";
import type { Packet } from "../packet.ts";
import { type Scalar, SOME_STATION } from "./compare.ts";

/** What the rules of one hook can match of a packet: the values that are known, by the words of nft(8) for them. */
export interface PacketFields {
  /** Headers that it has: `ether`, `ip`, `tcp` … A rule about another one does not match. */
  readonly headers: ReadonlySet<string>;
  /** `ip saddr`, `meta iifname`, `ct state` …; what is not here is not known. */
  readonly values: ReadonlyMap<string, Scalar>;
  /** Values that the packet has not at this hook, such as `meta oifname` before routing. */
  readonly absent: ReadonlySet<string>;
}

/** A device, as far as rules ask for it. */
export interface Side {
  readonly name: string;
  readonly group: number;
}

/** What rules can ask of a place on the packet's way, besides the packet. */
export interface Place {
  /** Null at hooks that the kernel calls before, or without, a device on that side. */
  readonly in: Side | null;
  readonly out: Side | null;
  /** The sender of the frame, where the host knows it. */
  readonly mac: Mac | null;
  /** Whether a route leads back to the source through the device that it came in by (`fib saddr . iif oif`). */
  readonly routedBack: boolean | null;
  /** Whether the addresses are the host's own (`fib daddr type local`). */
  readonly toHost: boolean;
  readonly fromHost: boolean;
  /** The bridge, where the kernel calls the hook for a bridged frame, and the tag that the frame has there. */
  readonly bridged: { readonly bridge: string; readonly in: string; readonly out: string | null } | null;
  readonly tag: Vid | null;
}

type Pairs = readonly (readonly [string, Scalar | null])[];

const transport = ({
  protocol,
  family,
  reply,
}: Packet): { readonly header: string; readonly pairs: Pairs } => {
  if (protocol.name === "icmp") {
    const header = family === "ipv6" ? "icmpv6" : "icmp";
    return {
      header,
      pairs: [
        [`${header} type`, reply ? "echo-reply" : "echo-request"],
        [`${header} code`, 0],
      ],
    };
  }
  return { header: protocol.name, pairs: [[`${protocol.name} ${reply ? "sport" : "dport"}`, protocol.port]] };
};

const sides = (place: Place): Pairs => [
  ["meta iifname", place.in?.name ?? null],
  ["meta iif", place.in?.name ?? null],
  ["meta iifgroup", place.in?.group ?? null],
  ["meta oifname", place.out?.name ?? null],
  ["meta oif", place.out?.name ?? null],
  ["meta oifgroup", place.out?.group ?? null],
];

const missing = (place: Place): ReadonlySet<string> =>
  new Set([
    ...(place.in === null ? ["meta iifname", "meta iif", "meta iifgroup"] : []),
    ...(place.out === null ? ["meta oifname", "meta oif", "meta oifgroup"] : []),
  ]);

const toFields = (headers: readonly string[], pairs: Pairs, place: Place): PacketFields => ({
  headers: new Set(headers),
  values: new Map(pairs.flatMap(([words, value]) => (value === null ? [] : [[words, value] as const]))),
  absent: missing(place),
});

const frame = (place: Place, type: string): Pairs => [
  ["ether saddr", place.mac],
  ["ether daddr", SOME_STATION],
  ["ether type", place.tag === null ? type : "vlan"],
  ["vlan id", place.tag],
  ["meta protocol", type],
  ["meta ibrname", place.bridged?.bridge ?? null],
  ["meta obrname", place.bridged?.bridge ?? null],
];

const kindOf = (ours: boolean): string => (ours ? "local" : "unicast");

/** Returns what rules can match of the packet at a place. */
export const fieldsOf = (packet: Packet, place: Place): PacketFields => {
  const ip = packet.family === "ipv6" ? "ip6" : "ip";
  const { header, pairs } = transport(packet);
  const { bridged } = place;
  return toFields(
    ["ether", ip, header, ...(place.tag === null ? [] : ["vlan"])],
    [
      ...sides(place),
      ...frame(place, ip),
      ["meta nfproto", packet.family],
      ["meta l4proto", header],
      ["meta length", packet.size],
      ["meta mark", 0],
      ["meta iiftype", "ether"],
      ["meta oiftype", "ether"],
      [`${ip} saddr`, packet.source],
      [`${ip} daddr`, packet.destination],
      [ip === "ip" ? "ip protocol" : "ip6 nexthdr", header],
      [`${ip} version`, ip === "ip" ? 4 : 6],
      [`${ip} length`, packet.size],
      ...pairs,
      ["ct state", packet.reply ? "established" : "new"],
      ["ct direction", packet.reply ? "reply" : "original"],
      // Nothing on the way rewrites the packet.
      ["ct status", "not rewritten"],
      ["fib iif,saddr oif", place.routedBack],
      ["fib iif,mark,saddr oif", place.routedBack],
      ["fib daddr type", kindOf(place.toHost)],
      ["fib daddr,iif type", kindOf(place.toHost)],
      ["fib saddr type", kindOf(place.fromHost)],
      ...(bridged === null
        ? ([["physdev bridged", false]] as const)
        : ([
            ["physdev bridged", true],
            ["physdev in", bridged.in],
            ["physdev out", bridged.out],
          ] as const)),
    ],
    place,
  );
};

/** The question for a neighbour that comes before the packet: ARP, or neighbour solicitation. */
export const askingFields = (source: Address, wanted: Address | null, place: Place): PacketFields =>
  source.includes(":")
    ? discoveryFields("nd-neighbor-solicit", source, wanted, place)
    : toFields(
        ["ether", "arp", ...(place.tag === null ? [] : ["vlan"])],
        [
          ...sides(place),
          ...frame(place, "arp"),
          ["ether daddr", "ff:ff:ff:ff:ff:ff"],
          ["arp operation", "request"],
          ["arp saddr ether", place.mac],
          ["arp saddr ip", source],
          ["arp daddr ip", wanted],
        ],
        place,
      );

/** A frame of neighbour discovery about `target`: its 128 bits are behind the ICMPv6 header (RFC 4861, 4.3 and 4.4). */
export const discoveryFields = (
  type: "nd-neighbor-solicit" | "nd-neighbor-advert",
  source: Address,
  target: Address | null,
  place: Place,
): PacketFields =>
  toFields(
    ["ether", "ip6", "icmpv6", ...(place.tag === null ? [] : ["vlan"])],
    [
      ...sides(place),
      ...frame(place, "ip6"),
      ["meta nfproto", "ipv6"],
      ["meta l4proto", "icmpv6"],
      ["ip6 nexthdr", "icmpv6"],
      ["ip6 saddr", source],
      ["ip6 hoplimit", 255],
      ["icmpv6 type", type],
      ["icmpv6 code", 0],
      ["@th,64,128", target === null ? null : toInteger(target)],
      // Newer nft prints the same bits by their name, whichever way the rule was written.
      ["icmpv6 taddr", target],
    ],
    place,
  );
