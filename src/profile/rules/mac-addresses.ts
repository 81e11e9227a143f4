import { isVirtualRouter, parseMac } from "../../values/mac.ts";
import type { Issue } from "../../values/issue.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { type JsonObject } from "../../values/json.ts";
import { type Placed, placedTexts } from "../../text/unchecked.ts";

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
