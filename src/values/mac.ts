import type { Brand } from "./brand.ts";

/** A unicast Ethernet address, lower-case with colons: `52:54:00:12:34:56`. */
export type Mac = Brand<string, "Mac">;

const FORM = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/** @returns the canonical address, or null when the text is none, names a group (lowest bit of the first byte set), or is all zeros */
export const parseMac = (text: string): Mac | null => {
  const mac = text.toLowerCase();
  return FORM.test(mac) && (parseInt(mac.slice(0, 2), 16) & 1) === 0 && mac !== "00:00:00:00:00:00"
    ? (mac as Mac)
    : null;
};

/**
 * Returns whether it is the address of a virtual router (RFC 9568, 7.3: 00-00-5E-00-01-{VRID} and 00-00-5E-00-02-{VRID}; CARP has the
 * same), which moves between the guests that share an IP address.
 */
export const isVirtualRouter = (mac: Mac): boolean => /^00:00:5e:00:0[12]:(?!00)/.test(mac);

/**
 * The address that libvirt gives a guest's tap: the guest's with first byte `fe`, so that a bridge never
 * takes it for its own (`virNetDevTapCreateInBridgePort`). The same on every host, so that the guest's neighbour entry
 * for its gateway outlives a migration. A guest that itself starts with `fe` gets `fa`.
 */
export const tapMac = (guest: Mac): Mac => `${guest.startsWith("fe") ? "fa" : "fe"}${guest.slice(2)}` as Mac;
