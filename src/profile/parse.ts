import { type BaseIssue, safeParse } from "valibot";
import { type Issue, renderPath } from "../model/issue.ts";
import type { Profile } from "../model/profile.ts";
import { good, refused, type Result } from "../model/result.ts";
import { type Document, readDocument } from "./document.ts";
import { checkDisks } from "./disk-rules.ts";
import { checkKeys } from "./keys.ts";
import { normalizeProfile } from "./normalize.ts";
import { checkDerived, checkDuplicates } from "./duplicates.ts";
import { checkInterfaces } from "./interface-rules.ts";
import { found, unsay } from "./say.ts";
import { writtenProfile } from "./written.ts";

const pathOf = (issue: BaseIssue<unknown>): Issue["path"] =>
  (issue.path ?? []).map((part) => part.key as string | number);

const toIssue = (issue: BaseIssue<unknown>, document: Document): Issue => {
  const path = pathOf(issue);
  const key = path.at(-1);
  if (issue.type === "variant" && issue.expected === "Object") {
    return document.issue("wrong-type", path, `must be an object, found ${found(issue.input)}`);
  }
  if (issue.type === "variant" && issue.input === undefined) {
    return document.issue("missing-key", path, `"${String(key)}" is missing: use "bridge" or "routed"`);
  }
  // valibot reports an absent key at the key itself, as an issue of the object that lacks it.
  if (issue.kind === "schema" && issue.type === "object" && issue.expected === `"${String(key)}"`) {
    return document.issue("missing-key", path, `"${String(key)}" is missing`);
  }
  const { code, message } = unsay(issue.message);
  return document.issue(code, path, message);
};

const byPosition = (a: Issue, b: Issue): number =>
  a.position.line - b.position.line || a.position.column - b.position.column;

/**
 * Reads a profile: JSON with comments and trailing commas.
 *
 * @returns the complete profile, or every problem of the text in the order of its lines
 */
export const parseProfile = (text: string): Result<Profile, Issue> => {
  const document = readDocument(text);
  if (!("root" in document)) return refused(...document);
  const parsed = safeParse(writtenProfile, document.value, { abortPipeEarly: true });
  const keys = checkKeys(writtenProfile, document);
  // valibot takes a list for an object that lacks every key; checkKeys has said what is wrong there.
  const lists = keys
    .filter((issue) => issue.code === "wrong-type")
    .map((issue) => `${renderPath(issue.path)}.`);
  const schema = (parsed.issues ?? []).filter((issue) => {
    const path = `${renderPath(pathOf(issue))}.`;
    return !lists.some((list) => list === "." || path.startsWith(list));
  });
  const issues = [
    ...keys,
    ...schema.map((issue) => toIssue(issue, document)),
    ...checkInterfaces(document),
    ...checkDisks(document),
    ...checkDuplicates(document),
  ];
  if (issues.length > 0) return refused(...issues.sort(byPosition));
  if (!parsed.success) throw new Error("valibot refused a profile without an issue");
  const profile = normalizeProfile(parsed.output);
  const clashes = checkDerived(profile, document);
  return clashes.length > 0 ? refused(...clashes) : good(profile);
};
