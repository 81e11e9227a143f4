import type { Issue } from "../../../values/issue.ts";
import { good, refused, type Result } from "../../../values/result.ts";
import { Cursor, SyntaxFault } from "./cursor.ts";
import { dialectOf, otherInput } from "./dialect.ts";
import { lex } from "./lex.ts";
import { parseValue } from "./parse-value.ts";
import { isMark } from "./token.ts";
import type { Assignment, Dialect, XenConfig } from "./value.ts";

const isAssignment = (cursor: Cursor): boolean =>
  cursor.peek().kind === "name" && (isMark(cursor.peek(1), "=") || isMark(cursor.peek(1), "+="));

const parseAssignment = (cursor: Cursor): Assignment => {
  const key = cursor.take();
  if (key.kind !== "name") {
    const isUpper = key.kind === "other" && /^[A-Z_]/.test(key.text);
    const rule = isUpper
      ? "a key must be in lower case (for a file of xm's use --syntax xm)"
      : 'a line must be KEY = VALUE, such as name = "dns1"';
    throw cursor.fault(key.at, rule, key);
  }
  const operator = cursor.peek();
  if (!cursor.accept("=") && !cursor.accept("+=")) {
    const isCode = cursor.dialect === "xm";
    const rule = isCode
      ? "this is Python code, and nothing in a file is ever executed: write KEY = VALUE with the value itself, as `xm create --dryrun FILE` prints it"
      : `the key ${key.text} must be followed by = or +=`;
    throw cursor.fault(
      isCode ? key.at : operator.at,
      rule,
      isCode ? key : operator,
      isCode ? "xen-python" : "xen-syntax",
    );
  }
  const value = parseValue(cursor);
  return { key: key.text, at: key.at, operator: operator.text === "+=" ? "+=" : "=", value };
};

/**
 * Goes on behind a fault: at the end of the line, or of the list that it is in. A line `key =` begins a statement
 * whatever was left open.
 */
const recover = (cursor: Cursor, depth: number): void => {
  let open = depth;
  for (;;) {
    const token = cursor.peek();
    if (token.kind === "end" || (cursor.beginsLine() && isAssignment(cursor))) return;
    if (token.kind === "newline" && open <= 0) return;
    if (isMark(token, "[")) open += 1;
    if (isMark(token, "]")) open -= 1;
    cursor.take();
  }
};

/** How many brackets the tokens of a statement left open. */
const openAt = (cursor: Cursor, start: number): number => {
  let depth = 0;
  for (let back = start; back < 0; back += 1) {
    if (isMark(cursor.peek(back), "[")) depth += 1;
    if (isMark(cursor.peek(back), "]")) depth -= 1;
  }
  return depth;
};

/**
 * Reads a configuration file for xl, or for xm as far as it is made of literals.
 *
 * @param syntax whose; null finds it out
 * @returns its assignments, or all that is no syntax of it: of Python the first, since the rest follows from it
 */
export const parseXen = (text: string, syntax: Dialect | null = null): Result<XenConfig, Issue> => {
  const other = otherInput(text);
  const start = { line: 1, column: 1 };
  if (other !== null)
    return refused({ severity: "error", code: "xen-syntax", path: [], message: other, position: start });
  const dialect = syntax ?? dialectOf(text);
  const { tokens, lenient } = lex(text, dialect);
  const cursor = new Cursor(tokens, text.replace(/^\uFEFF/, ""), dialect);
  const assignments: Assignment[] = [];
  const issues: Issue[] = [];
  while (cursor.peek().kind !== "end") {
    if (cursor.peek().kind === "newline" || isMark(cursor.peek(), ";")) {
      cursor.take();
      continue;
    }
    const before = cursor.taken;
    try {
      const assignment = parseAssignment(cursor);
      const token = cursor.peek();
      if (token.kind !== "newline" && token.kind !== "end" && !isMark(token, ";"))
        throw cursor.fault(token.at, "a statement must end with its line, or with ;", token);
      assignments.push(assignment);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      issues.push(error.issue);
      if (error.issue.code === "xen-python") break;
      recover(cursor, openAt(cursor, before - cursor.taken));
    }
  }
  return issues.length > 0 ? refused(...issues) : good({ dialect, assignments, lenient });
};
