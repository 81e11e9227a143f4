// Ethernet frames, byte by byte: what a guest that means no good would send. Only IPv4 headers have their checksum: br_netfilter looks.
export const bytes = (text: string): number[] => text.split(":").map((byte) => parseInt(byte, 16));
const ipv4 = (address: string): number[] => address.split(".").map(Number);
export const ipv6 = (address: string): number[] => {
  const [head = [], tail = []] = address.split("::").map((half) =>
    half
      .split(":")
      .filter((word) => word !== "")
      .map((word) => parseInt(word, 16)),
  );
  const words = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return words.flatMap((word) => [word >> 8, word & 255]);
};
export const word = (number: number): number[] => [number >> 8, number & 255];

const BROADCAST = "ff:ff:ff:ff:ff:ff";

/** What follows the source address of a frame: the EtherType and what it is the type of. */
export type Payload = readonly number[];

export const ethernet = (source: string, payload: Payload, destination = BROADCAST): readonly number[] => {
  const frame = [...bytes(destination), ...bytes(source), ...payload];
  return [...frame, ...Array<number>(Math.max(0, 60 - frame.length)).fill(0)];
};

/** The same behind an 802.1Q tag. */
export const tag = (vid: number, payload: Payload): Payload => [0x81, 0, ...word(vid), ...payload];

/** An ARP packet (RFC 826): 1 is a request, 2 a reply. */
export const arp = (operation: 1 | 2, mac: string, sender: string, target: string): Payload => [
  ...[0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, operation],
  ...[...bytes(mac), ...ipv4(sender), 0, 0, 0, 0, 0, 0, ...ipv4(target)],
];

/** The Internet checksum (RFC 1071). */
export const checksum = (of: readonly number[]): number => {
  const sum = of.reduce((all, byte, index) => all + (index % 2 === 0 ? byte << 8 : byte), 0);
  const folded = (sum & 0xffff) + (sum >> 16);
  return ~(folded + (folded >> 16)) & 0xffff;
};

export const udp4 = (source: string, sport: number, dport: number): Payload => {
  const start = [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17];
  const addresses = [...ipv4(source), 255, 255, 255, 255];
  const header = [...start, ...word(checksum([...start, 0, 0, ...addresses])), ...addresses];
  return [0x08, 0, ...header, ...word(sport), ...word(dport), 0, 8, 0, 0];
};

const header6 = (source: string, length: number, next: number): Payload => [
  ...[0x86, 0xdd, 0x60, 0, 0, 0, ...word(length), next, 255, ...ipv6(source), ...ipv6("ff02::1")],
];

export const udp6 = (source: string, sport: number, dport: number): Payload => [
  ...header6(source, 8, 17),
  ...[...word(sport), ...word(dport), 0, 8, 0, 0],
];

/** A message of neighbour discovery (RFC 4861): 134 advertises a router, 135 asks for a target, 136 advertises one. */
export const discovery = (type: 134 | 135 | 136 | 137, source: string, target: string): Payload => [
  ...header6(source, 24, 58),
  ...[type, 0, 0, 0, 0, 0, 0, 0, ...ipv6(target)],
];

/** A bridge protocol data unit in an LLC frame. */
export const bpdu: Payload = [0, 38, 0x42, 0x42, 3, 0, 0, 0, 0, 0];
