import type { Address } from "./address.ts";
import type { Mac } from "./mac.ts";

/** The link-local address that belongs to a MAC address: modified EUI-64 (RFC 4291, appendix A), in canonical text. */
export const linkLocalOf = (mac: Mac): Address => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(":").map((byte) => parseInt(byte, 16));
  const first = ((a ^ 2) << 8) | b;
  const words = [...(first === 0 ? [] : [first]), (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${words.map((word) => word.toString(16)).join(":")}` as Address;
};
