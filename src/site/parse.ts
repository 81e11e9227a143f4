import type { Issue } from "../values/issue.ts";
import { good, refused, type Result } from "../values/result.ts";
import type { Site } from "../guest/site.ts";
import { parseIfName } from "../values/names.ts";
import { checkSchema } from "../text/check-schema.ts";
import { byPosition, readDocument } from "../text/document.ts";
import { checkUplinks } from "./rules.ts";
import { type WrittenHost, writtenHost } from "./written-host.ts";

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
export const parseHost = (text: string): Result<Site, Issue> => {
  const document = readDocument(text);
  if (!("root" in document)) return refused(...document);
  const { output, issues } = checkSchema(writtenHost, document);
  const all = [...issues, ...checkUplinks(document)];
  return all.length > 0 || output === null ? refused(...all.sort(byPosition)) : good(toSite(output));
};
