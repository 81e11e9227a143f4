import { byPosition, type Issue } from "../values/issue.ts";
import type { Profile, ProfileNic } from "../guest/profile.ts";
import { good, refused, type Refused, type Result } from "../values/result.ts";
import type { Site } from "../guest/site.ts";
import { enclose } from "../text/enclose.ts";
import type { GuestName } from "../values/names.ts";
import { checkSchema } from "../text/check-schema.ts";
import type { Remedy } from "../text/unknown-keys.ts";
import { type Document, readDocument } from "../text/document.ts";
import { checkDisks } from "./rules/disks.ts";
import { checkHardware } from "./rules/hardware.ts";
import { checkPlatform } from "./rules/platform.ts";
import { checkInterfaces, warnOfInterfaces } from "./rules/interfaces.ts";
import { whyNotOfType } from "./rules/other-types.ts";
import { checkDerived, checkDuplicates } from "./rules/duplicates.ts";
import { normalizeProfile } from "./normalize/profile.ts";
import { writtenProfile } from "./schema/profile.ts";

/** A profile with what is noteworthy about it, or all that is wrong. */
export type ParsedProfile =
  { readonly ok: true; readonly value: Profile; readonly warnings: readonly Issue[] } | Refused<Issue>;

/** A good profile with the text that it comes from, for comparing it with others. */
export interface ReadProfile {
  readonly profile: Profile;
  readonly document: Document;
  readonly warnings: readonly Issue[];
}

/** Addresses of a routed NIC, the only ones that an interface requires, come from the address plan. */
const planned: Remedy = ([list, , key, ...more], value) =>
  list === "interfaces" && key === "addresses" && more.length === 0 && (value === undefined || isEmpty(value))
    ? 'set it, or run "genxml addresses assign"'
    : null;

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const check = (document: Document, site: Site | null): Result<ReadProfile, Issue> => {
  const remedy: Remedy = (path, value) => planned(path, value) ?? whyNotOfType(document, path);
  const schema = checkSchema(writtenProfile, document, remedy);
  const issues = [
    ...schema.issues,
    ...checkInterfaces(document, site),
    ...checkDisks(document),
    ...checkHardware(document),
    ...checkPlatform(document),
    ...checkDuplicates(document),
  ];
  const warnings = [...warnOfInterfaces(document, site)].sort(byPosition);
  if (issues.length > 0 || schema.output === null) {
    return refused(...[...issues, ...warnings].sort(byPosition));
  }
  const profile = normalizeProfile(schema.output, site);
  const clashes = checkDerived(profile, document);
  return clashes.length > 0
    ? refused(...[...clashes, ...warnings].sort(byPosition))
    : good({ profile, document, warnings });
};

/**
 * Reads a profile: JSON with comments and trailing commas.
 *
 * @param site what its names of VLANs mean; null when there is no host.json
 * @returns the complete profile with its text, or every problem of the text in the order of its lines, warnings included
 */
export const readProfile = (text: string, site: Site | null): Result<ReadProfile, Issue> => {
  const document = readDocument(text);
  return "root" in document ? check(document, site) : refused(...document);
};

/** A NIC, and which of its keys the text has. */
export interface ReadNic {
  readonly nic: ProfileNic;
  readonly isWritten: (key: string) => boolean;
}

/** Reads one element of a profile's `interfaces`, for a guest of this name, as {@link readProfile} does. */
export const readNic = (text: string, name: GuestName, site: Site | null): Result<ReadNic, Issue> => {
  const document = readDocument(text, (nic) => enclose(nic, "interfaces", { name, memory: "1 GiB" }));
  if (!("root" in document)) return refused(...document);
  const read = check(document, site);
  if (!read.ok) return refused(...read.problems.map((issue) => ({ ...issue, path: issue.path.slice(2) })));
  const [nic] = read.value.profile.interfaces;
  if (nic === undefined) throw new Error("a list of one interface is empty");
  return good({ nic, isWritten: (key) => document.locate(["interfaces", 0, key]).written });
};

/** {@link readProfile} without the text. */
export const parseProfile = (text: string, site: Site | null = null): ParsedProfile => {
  const result = readProfile(text, site);
  return result.ok ? { ok: true, value: result.value.profile, warnings: result.value.warnings } : result;
};
