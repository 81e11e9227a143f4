import { isVirtualRouter, parseMac } from "../../values/mac.ts";
import type { Issue } from "../../values/issue.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { asObject, type JsonObject, type Placed, placedTexts } from "../../text/unchecked.ts";

const WITHOUT_CHECK: readonly (readonly [key: string, why: string])[] = [
  ["filtering", "the hook does not change the port, and every MAC address passes"],
  ["antispoof", "every MAC address passes"],
];

/** MAC addresses are a list of what anti-spoofing permits: without it, nothing reads them. */
export const checkMacs = (
  { value: nic, path }: Placed<JsonObject>,
  { issue }: Document,
): readonly Issue[] => {
  if (nic["type"] !== "bridge" || nic["macs"] === undefined) return [];
  const off = WITHOUT_CHECK.find(([key]) => nic[key] === false);
  if (off === undefined) return [];
  const [key, why] = off;
  const message = `cannot be combined with "${key}": false (${why}), found ${found(nic["macs"])}`;
  return [issue("wrong-choice", [...path, "macs"], message)];
};

/** The MAC addresses of a NIC that it has to itself: a virtual router has one on several NICs, in different VLANs. */
export const ownMacs = (nic: JsonObject, path: Issue["path"]): readonly Placed<string>[] =>
  (nic["type"] === "bridge" ? ["mac", "macs"] : ["mac"]).flatMap((key) =>
    placedTexts(nic, key, path).flatMap(({ value, path: place }) => {
      const mac = parseMac(value);
      return mac === null || (key === "macs" && isVirtualRouter(mac)) ? [] : [{ value: mac, path: place }];
    }),
  );

/** The addresses of virtual routers that a NIC is given. */
export const virtualMacs = (nic: JsonObject, path: Issue["path"]): readonly Placed<string>[] =>
  placedTexts(nic, "macs", path).flatMap(({ value, path: place }) => {
    const mac = parseMac(value);
    return mac === null || !isVirtualRouter(mac) ? [] : [{ value: mac, path: place }];
  });

const ELSEWHERE: Readonly<Record<string, string>> = {
  routed: "a routed NIC may use any MAC address, and the hook checks its IP addresses",
  network: "guestnet does not check the MAC addresses of a port of a libvirt network",
  ovs: "guestnet does not check the MAC addresses of a port of Open vSwitch",
  macvtap: 'a macvtap receives frames to its own MAC address only; use "type": "bridge"',
  hostdev:
    "the network card checks them: set trust on and spoofchk off for the function (ip link set DEVICE vf N)",
};

/** Returns why a NIC of another type has no key "macs"; null for every other key. */
export const whyNoMacs = ({ value }: Document, [list, index, key, ...more]: Issue["path"]): string | null => {
  if (list !== "interfaces" || typeof index !== "number" || key !== "macs" || more.length > 0) return null;
  const nics: unknown = asObject(value)?.["interfaces"];
  const type = Array.isArray(nics) ? asObject(nics[index])?.["type"] : undefined;
  return typeof type === "string" && Object.hasOwn(ELSEWHERE, type) ? (ELSEWHERE[type] ?? null) : null;
};
