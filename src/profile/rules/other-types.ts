import type { Document } from "../../text/document.ts";
import { asList, asObject } from "../../values/json.ts";
import type { Issue } from "../../values/issue.ts";

/** Keys that a person would expect of an interface's type as well, and why it has none. */
const ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  macs: {
    routed: "a routed NIC may use any MAC address, and the hook checks its IP addresses",
    network: "guestnet does not check the MAC addresses of a port of a libvirt network",
    ovs: "guestnet does not check the MAC addresses of a port of Open vSwitch",
    macvtap: 'a macvtap receives frames to its own MAC address only; use "type": "bridge"',
    hostdev:
      "the network card checks them: set trust on and spoofchk off for the function (ip link set DEVICE vf N)",
  },
  failover: {
    routed: "a function of a network card is in a VLAN of the card, and the host routes none of its packets",
    hostdev: 'set it on the NIC that stays during a migration, such as one of "type": "bridge"',
  },
};

/** Returns why an interface of a type has no such key; null for every other key. */
export const whyNotOfType = (
  { value }: Document,
  [list, index, key, ...more]: Issue["path"],
): string | null => {
  if (list !== "interfaces" || typeof index !== "number" || typeof key !== "string" || more.length > 0)
    return null;
  const type = asObject(asList(asObject(value)?.["interfaces"])[index])?.["type"];
  const reasons = Object.hasOwn(ELSEWHERE, key) ? ELSEWHERE[key] : undefined;
  if (reasons === undefined || typeof type !== "string" || !Object.hasOwn(reasons, type)) return null;
  return reasons[type] ?? null;
};
