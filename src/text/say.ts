import type { BaseIssue } from "valibot";
import { type IssueCode, ISSUE_CODES } from "../values/issue.ts";

/** What stands in a file, short enough for a message. */
export const found = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
};

// valibot carries one string for each issue; ours have a code and a message.
const SEPARATOR = "\u0000";

/** A message for valibot: what is allowed there, to which what was found is added. */
export const say =
  (code: IssueCode, allowed: string | ((input: unknown) => string)) =>
  (issue: BaseIssue<unknown>): string => {
    const rule = typeof allowed === "string" ? allowed : allowed(issue.input);
    return `${code}${SEPARATOR}${rule}, found ${found(issue.input)}`;
  };

/** Takes a message of {@link say} apart again. */
export const unsay = (message: string): { readonly code: IssueCode; readonly message: string } => {
  const [code = "", text = ""] = message.split(SEPARATOR, 2);
  const known = ISSUE_CODES.find((candidate) => candidate === code);
  if (known === undefined) throw new Error(`a schema without a message of its own: ${message}`);
  return { code: known, message: text };
};
