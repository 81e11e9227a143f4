import { byPosition, type Issue, renderPath } from "../values/issue.ts";
import { good, refused, type Result } from "../values/result.ts";
import type { Site } from "../guest/site.ts";
import { parseIfName } from "../values/names.ts";
import { checkSchema } from "../text/check-schema.ts";
import { readDocument, type Document } from "../text/document.ts";
import { type WrittenHost, writtenHost } from "./schema.ts";
import { asObject, type Placed, placedTexts } from "../text/unchecked.ts";

const toSite = ({ bridges = {}, routed }: WrittenHost): Site => ({
  bridges: new Map(
    Object.entries(bridges).flatMap(([key, bridge]) => {
      const name = parseIfName(key);
      if (name === null || bridge === undefined) return [];
      const { uplinks = [], vlans = {}, uplinkVlans = "static" } = bridge;
      return [[name, { name, uplinks, vlans: new Map(Object.entries(vlans)), uplinkVlans }] as const];
    }),
  ),
  routed: { uplinks: routed?.uplinks ?? [], gateways: [routed?.gateway ?? []].flat() },
});

/**
 * Reads `host.json`: the host's bridges, the names of their VLANs, and what routed guests have in common.
 *
 * @returns the host, or every problem of the text in the order of its lines
 */
export const parseSite = (text: string): Result<Site, Issue> => {
  const document = readDocument(text);
  if (!("root" in document)) return refused(...document);
  const { output, issues } = checkSchema(writtenHost, document);
  const all = [...issues, ...checkUplinks(document)];
  return all.length > 0 || output === null ? refused(...all.sort(byPosition)) : good(toSite(output));
};

/** A device is a port of one bridge, and as such carries no addresses: it cannot route as well. */
export const checkUplinks = ({ value, issue }: Document): readonly Issue[] => {
  const host = asObject(value) ?? {};
  const bridges = Object.entries(asObject(host["bridges"]) ?? {}).flatMap(([name, bridge]) =>
    placedTexts(asObject(bridge) ?? {}, "uplinks", ["bridges", name]),
  );
  const routed = placedTexts(asObject(host["routed"]) ?? {}, "uplinks", ["routed"]);
  const first = new Map<string, Issue["path"]>();
  return [...bridges, ...routed].flatMap((uplink: Placed<string>): readonly Issue[] => {
    const before = first.get(uplink.value);
    if (before === undefined) {
      first.set(uplink.value, uplink.path);
      return [];
    }
    const message = `device ${uplink.value} is already an uplink at ${renderPath(before)}: remove one`;
    return [issue("duplicate", uplink.path, message)];
  });
};
