import { checkSchema } from "../text/check-schema.ts";
import { type Document, readDocument } from "../text/document.ts";
import type { Site } from "../guest/site.ts";
import { byPosition, type Issue } from "../values/issue.ts";
import { good, refused, type Result } from "../values/result.ts";
import { toSite } from "./normalize.ts";
import { addressRules } from "./rules/addresses.ts";
import { bondRules } from "./rules/bonds.ts";
import { deviceRules } from "./rules/devices.ts";
import { mtuRules } from "./rules/mtu.ts";
import { prefixRules } from "./rules/prefixes.ts";
import { vlanRules } from "./rules/vlans.ts";
import { vxlanRules } from "./rules/vxlan.ts";
import { writtenHost } from "./schema.ts";

const RULES = [
  ...deviceRules,
  ...bondRules,
  ...vlanRules,
  ...addressRules,
  ...prefixRules,
  ...vxlanRules,
  ...mtuRules,
];

/** A good host.json with the text that it comes from, for comparing it with profiles. */
export interface ReadSite {
  readonly site: Site;
  readonly document: Document;
}

/**
 * Reads `host.json`: the host's bridges and their VLANs, its own addresses, and what it routes.
 *
 * @returns the host with its text, or every problem of the text in the order of its lines
 */
export const readSite = (text: string): Result<ReadSite, Issue> => {
  const document = readDocument(text);
  if (!("root" in document)) return refused(...document);
  const { output, issues } = checkSchema(writtenHost, document);
  const all = [...issues, ...RULES.flatMap((rule) => rule(document))];
  return all.length > 0 || output === null
    ? refused(...all.sort(byPosition))
    : good({ site: toSite(output), document });
};

/** {@link readSite} without the text. */
export const parseSite = (text: string): Result<Site, Issue> => {
  const read = readSite(text);
  return read.ok ? good(read.value.site) : read;
};
