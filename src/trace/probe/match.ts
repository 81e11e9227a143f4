import type { Address } from "../../values/address.ts";
import type { Mac } from "../../values/mac.ts";
import type { Hop } from "../hop.ts";
import { answerTo, type Packet } from "../packet.ts";

/** A packet on the wire: an end whose address is not known is recognised by its MAC addresses. */
export interface Match {
  readonly packet: Packet;
  readonly macs: { readonly source: readonly Mac[]; readonly destination: readonly Mac[] };
}

/** Returns what is looked for in one direction. */
export const matchOf = (leg: Hop["leg"], { packet, macs }: Match): Match =>
  leg === "there"
    ? { packet, macs }
    : { packet: answerTo(packet), macs: { source: macs.destination, destination: macs.source } };

const endBy = (way: "src" | "dst", address: Address | null, macs: readonly Mac[]): readonly string[] => {
  if (address !== null) return [`${way} host ${address}`];
  return macs.length === 0 ? [] : [`(${macs.map((mac) => `ether ${way} ${mac}`).join(" or ")})`];
};

/** `ip6[40]` is the first byte behind a header without extensions: pcap-filter(7) has no name for ICMPv6 types of IPv6 packets. */
const protocolFilter = ({ family, protocol, reply }: Packet): string => {
  if (protocol.name !== "icmp")
    return `${protocol.name} ${reply ? "src" : "dst"} port ${String(protocol.port)}`;
  return family === "ipv4"
    ? `icmp[icmptype] == ${reply ? "icmp-echoreply" : "icmp-echo"}`
    : `ip6[6] == 58 and ip6[40] == ${reply ? "129" : "128"}`;
};

/** Returns a filter of pcap-filter(7) for a packet, with a tag and without. */
export const captureFilter = ({ packet, macs }: Match): string => {
  const all = [
    packet.family === "ipv4" ? "ip" : "ip6",
    ...endBy("src", packet.source, macs.source),
    ...endBy("dst", packet.destination, macs.destination),
    protocolFilter(packet),
  ].join(" and ");
  // After the word `vlan`, pcap-filter looks four bytes further on to the end of the filter.
  return `(${all}) or (vlan and ${all})`;
};

/** Returns the words of nft(8) that match a packet. A rule of the IP families sees no MAC address of the receiver. */
export const nftMatch = ({ packet, macs }: Match, family: "inet" | "bridge"): string => {
  const { source, destination, protocol, reply } = packet;
  const ip = packet.family === "ipv4" ? "ip" : "ip6";
  const ether = (way: string, all: readonly Mac[]): readonly string[] =>
    all.length === 0 || family === "inet" ? [] : [`ether ${way} { ${all.join(", ")} }`];
  const icmp = packet.family === "ipv4" ? "icmp" : "icmpv6";
  return [
    ...(source === null ? ether("saddr", macs.source) : [`${ip} saddr ${source}`]),
    ...(destination === null ? ether("daddr", macs.destination) : [`${ip} daddr ${destination}`]),
    protocol.name === "icmp"
      ? `${icmp} type ${reply ? "echo-reply" : "echo-request"}`
      : `${protocol.name} ${reply ? "sport" : "dport"} ${String(protocol.port)}`,
  ].join(" ");
};
