import type { Address } from "../../values/address.ts";
import type { Mac } from "../../values/mac.ts";
import type { Hop } from "../hop.ts";
import { answerTo, type Packet } from "../packet.ts";

/** A packet on the wire: an end whose address is not known is recognised by its MAC address. */
export interface Match {
  readonly packet: Packet;
  readonly macs: { readonly source: Mac | null; readonly destination: Mac | null };
}

/** Returns what is looked for in one direction. */
export const matchOf = (leg: Hop["leg"], { packet, macs }: Match): Match =>
  leg === "there"
    ? { packet, macs }
    : { packet: answerTo(packet), macs: { source: macs.destination, destination: macs.source } };

const endBy = (address: Address | null, mac: Mac | null, by: (what: string) => string): readonly string[] => {
  if (address !== null) return [by(`host ${address}`)];
  return mac === null ? [] : [`ether ${by(mac)}`];
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
    ...endBy(packet.source, macs.source, (what) => `src ${what}`),
    ...endBy(packet.destination, macs.destination, (what) => `dst ${what}`),
    protocolFilter(packet),
  ].join(" and ");
  // After the word `vlan`, pcap-filter looks four bytes further on to the end of the filter.
  return `(${all}) or (vlan and ${all})`;
};

/** Returns the words of nft(8) that match a packet. A rule of the IP families sees no MAC address of the receiver. */
export const nftMatch = ({ packet, macs }: Match, family: "inet" | "bridge"): string => {
  const { source, destination, protocol, reply } = packet;
  const ip = packet.family === "ipv4" ? "ip" : "ip6";
  const ether = (way: string, mac: Mac | null): readonly string[] =>
    mac === null || family === "inet" ? [] : [`ether ${way} ${mac}`];
  const icmp = packet.family === "ipv4" ? "icmp" : "icmpv6";
  return [
    ...(source === null ? ether("saddr", macs.source) : [`${ip} saddr ${source}`]),
    ...(destination === null ? ether("daddr", macs.destination) : [`${ip} daddr ${destination}`]),
    protocol.name === "icmp"
      ? `${icmp} type ${reply ? "echo-reply" : "echo-request"}`
      : `${protocol.name} ${reply ? "sport" : "dport"} ${String(protocol.port)}`,
  ].join(" ");
};
