import { bare } from "../test/e2e/stage/guest/generate.ts";

const xmlOf = (nic: object): string =>
  bare("vm", [{ type: "bridge", bridge: "br0", vlan: 20, ...nic }]).replaceAll('"', "'");

export const plainGuest = xmlOf({});
/** One that is held to its addresses. */
export const guardedGuest = xmlOf({ addresses: ["10.0.20.5/24", "2001:db8:20::5/64"] });
