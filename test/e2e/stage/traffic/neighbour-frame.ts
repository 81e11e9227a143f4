// Neighbour discovery (RFC 4861) as a kernel believes it: with a right checksum, hop limit 255 and the option that says whose address it is.
import { bytes, checksum, type Payload, ipv6, word } from "./frame.ts";

/** Source and destination of an IPv6 packet. */
export interface Way {
  readonly from: string;
  readonly to: string;
}

/** The rest of an IPv6 packet: type, code, and what follows the checksum. */
const icmpv6 = ({ from, to }: Way, message: Payload): Payload => {
  const addresses = [...ipv6(from), ...ipv6(to)];
  const [type = 0, code = 0, ...rest] = message;
  const length = word(message.length + 2);
  // RFC 4443, section 2.3: the sum is over a pseudo-header, too.
  const sum = checksum([...addresses, 0, 0, ...length, 0, 0, 0, 58, type, code, 0, 0, ...rest]);
  const header = [0x86, 0xdd, 0x60, 0, 0, 0, ...length, 58, 255, ...addresses];
  return [...header, type, code, ...word(sum), ...rest];
};

const SOURCE = 1;
const TARGET = 2;
const linkLayerAddress = (type: typeof SOURCE | typeof TARGET, mac: string): Payload => [
  type,
  1,
  ...bytes(mac),
];

/** "Who has the target? Tell me, at this MAC address." */
export const solicitation = (way: Way, target: string, mac: string): Payload =>
  icmpv6(way, [135, 0, 0, 0, 0, 0, ...ipv6(target), ...linkLayerAddress(SOURCE, mac)]);

/** "The target is at this MAC address", solicited or not; it overrides what was known. */
export const advertisement = (way: Way, target: string, mac: string, solicited: boolean): Payload =>
  icmpv6(way, [136, 0, solicited ? 0x60 : 0x20, 0, 0, 0, ...ipv6(target), ...linkLayerAddress(TARGET, mac)]);

/** "Send everything to me, and make an address in 2001:db8:bad::/64." */
export const routerAdvertisement = (way: Way, mac: string): Payload => {
  const lifetime = [0, 0, 7, 8];
  const prefix = [3, 4, 64, 0xc0, ...lifetime, ...lifetime, 0, 0, 0, 0, ...ipv6("2001:db8:bad::")];
  return icmpv6(way, [
    ...[134, 0, 64, 0, ...word(1800), 0, 0, 0, 0, 0, 0, 0, 0],
    ...[...linkLayerAddress(SOURCE, mac), ...prefix],
  ]);
};

/** "The way to the destination is through the target, at this MAC address." */
export const redirect = (way: Way, destination: string, target: string, mac: string): Payload =>
  icmpv6(way, [
    ...[137, 0, 0, 0, 0, 0, ...ipv6(target), ...ipv6(destination)],
    ...linkLayerAddress(TARGET, mac),
  ]);
