import type { Issue } from "../model/issue.ts";
import type { Profile } from "../model/profile.ts";
import { refused, type Refused } from "../model/result.ts";
import type { Site } from "../model/site.ts";
import { checkSchema } from "./check-schema.ts";
import { byPosition, readDocument } from "./document.ts";
import { checkDisks } from "./disk-rules.ts";
import { checkHardware } from "./hardware-rules.ts";
import { checkDerived, checkDuplicates } from "./duplicates.ts";
import { checkInterfaces, warnOfInterfaces } from "./interface-rules.ts";
import { normalizeProfile } from "./normalize.ts";
import { writtenProfile } from "./written.ts";

/** A profile with what is noteworthy about it, or all that is wrong. */
export type ParsedProfile =
  { readonly ok: true; readonly value: Profile; readonly warnings: readonly Issue[] } | Refused<Issue>;

/**
 * Reads a profile: JSON with comments and trailing commas.
 *
 * @param site what its names of VLANs mean; null when there is no host.json
 * @returns the complete profile, or every problem of the text in the order of its lines
 */
export const parseProfile = (text: string, site: Site | null = null): ParsedProfile => {
  const document = readDocument(text);
  if (!("root" in document)) return refused(...document);
  const schema = checkSchema(writtenProfile, document);
  const issues = [
    ...schema.issues,
    ...checkInterfaces(document, site),
    ...checkDisks(document),
    ...checkHardware(document),
    ...checkDuplicates(document),
  ];
  if (issues.length > 0 || schema.output === null) return refused(...issues.sort(byPosition));
  const profile = normalizeProfile(schema.output, site);
  const clashes = checkDerived(profile, document);
  if (clashes.length > 0) return refused(...clashes);
  return { ok: true, value: profile, warnings: warnOfInterfaces(document, site) };
};
