import { type BaseIssue, type GenericSchema, type InferOutput, safeParse } from "valibot";
import { type Issue, renderPath } from "../values/issue.ts";
import type { Document } from "./document.ts";
import { checkKeys, type Remedy } from "./unknown-keys.ts";
import { expectationIn, expectationText, found } from "./schema.ts";

const pathOf = (issue: BaseIssue<unknown>): Issue["path"] =>
  (issue.path ?? []).map((part) => part.key as string | number);

/** Of a union the issues inside the option that was meant: the one that has the keys. */
const unfold = (issue: BaseIssue<unknown>): readonly BaseIssue<unknown>[] => {
  const inside = issue.type === "union" ? (issue.issues ?? []).filter(({ path }) => path !== undefined) : [];
  if (inside.length === 0) return [issue];
  return inside.flatMap((inner) => {
    const [first, ...rest] = [...(issue.path ?? []), ...(inner.path ?? [])];
    return first === undefined ? [] : unfold({ ...inner, path: [first, ...rest] });
  });
};

const NO_REMEDY: Remedy = () => null;

const toIssue = (issue: BaseIssue<unknown>, document: Document, remedy: Remedy): Issue => {
  const path = pathOf(issue);
  const key = path.at(-1);
  if (issue.type === "variant" && issue.expected === "Object") {
    return document.issue("wrong-type", path, `must be an object, found ${found(issue.input)}`);
  }
  if (issue.type === "variant" && issue.input === undefined) {
    return document.issue(
      "missing-key",
      path,
      `required key is missing: ${expectationIn(issue.message).allowed}`,
    );
  }
  // valibot reports an absent key at the key itself, as an issue of the object that lacks it.
  if (issue.kind === "schema" && issue.type === "object" && issue.expected === `"${String(key)}"`) {
    const fix = remedy(path, undefined);
    return document.issue(
      "missing-key",
      path,
      fix === null ? "required key is missing" : `required key is missing: ${fix}`,
    );
  }
  const expectation = expectationIn(issue.message);
  const message = expectationText(expectation);
  const fix = remedy(path, issue.input);
  return document.issue(expectation.code, path, fix === null ? message : `${message}: ${fix}`);
};

/** The result of a schema for a document, with all errors. */
export interface Checked<Output> {
  /** Null only when there are issues. */
  readonly output: Output | null;
  readonly issues: readonly Issue[];
}

/** Holds a document against a schema, keys that are unknown or given twice included. */
export const checkSchema = <Schema extends GenericSchema>(
  schema: Schema,
  document: Document,
  remedy = NO_REMEDY,
): Checked<InferOutput<Schema>> => {
  const parsed = safeParse(schema, document.value, { abortPipeEarly: true });
  const keys = checkKeys(schema, document, remedy);
  // valibot accepts a list as an object that lacks every key; checkKeys has reported it.
  const lists = keys
    .filter(({ code }) => code !== "unknown-key" && code !== "duplicate-key")
    .map((issue) => `${renderPath(issue.path)}.`);
  const others = (parsed.issues ?? []).flatMap(unfold).filter((issue) => {
    const path = `${renderPath(pathOf(issue))}.`;
    return !lists.some((list) => list === "." || path.startsWith(list));
  });
  const issues = [...keys, ...others.map((issue) => toIssue(issue, document, remedy))];
  if (issues.length === 0 && !parsed.success) throw new Error("valibot rejected a document without an issue");
  return { output: parsed.success ? parsed.output : null, issues };
};
