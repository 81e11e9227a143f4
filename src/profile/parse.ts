import { type BaseIssue, safeParse } from "valibot";
import type { Issue } from "../model/issue.ts";
import type { Profile } from "../model/profile.ts";
import { good, refused, type Result } from "../model/result.ts";
import { type Document, readDocument } from "./document.ts";
import { checkKeys } from "./keys.ts";
import { normalizeProfile } from "./normalize.ts";
import { checkRules } from "./rules.ts";
import { unsay } from "./say.ts";
import { writtenProfile } from "./written.ts";

const toIssue = (issue: BaseIssue<unknown>, document: Document): Issue => {
  const path = (issue.path ?? []).map((part) => part.key as string | number);
  const key = path.at(-1);
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
  const issues = [
    ...checkKeys(writtenProfile, document),
    ...(parsed.issues ?? []).map((issue) => toIssue(issue, document)),
    ...checkRules(document),
  ];
  if (issues.length > 0) return refused(...issues.sort(byPosition));
  if (!parsed.success) throw new Error("valibot refused a profile without an issue");
  return good(normalizeProfile(parsed.output));
};
