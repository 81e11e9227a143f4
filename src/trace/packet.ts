import type { Address, Family } from "../values/address.ts";

/** What a traced packet carries. A port is the destination's; on the way back it is the source's. */
export type Protocol = { readonly name: "icmp" } | { readonly name: "tcp" | "udp"; readonly port: number };

/** A packet as every hop sees it: nothing on the way rewrites it. */
export interface Packet {
  readonly family: Family;
  /** Null where the host cannot know it: a guest on a bridge whose profile has no addresses. */
  readonly source: Address | null;
  readonly destination: Address | null;
  readonly protocol: Protocol;
  /** Bytes from the IP header on. */
  readonly size: number;
  /** Whether it answers the packet that was traced before it. */
  readonly reply: boolean;
}

/** The answer to a packet. Its size is the same, as far as a connection fills its packets both ways. */
export const answerTo = (packet: Packet): Packet => ({
  ...packet,
  source: packet.destination,
  destination: packet.source,
  reply: true,
});
