import { Cursor, SyntaxFault } from "./cursor.ts";
import { type Token, isMark, lex } from "./lex.ts";
import { type TextValue, type Value, type Assignment, type Dialect, type XenConfig } from "./value.ts";
import type { Issue } from "../../../values/issue.ts";
import { good, refused, type Result } from "../../../values/result.ts";

/** The replacement for Python code. */
export const ADVICE =
  "files are never executed: write the value itself, as `xm create --dryrun FILE` or `virsh dumpxml` print it on the old host";

const VALUE = { xl: "a value: a string in quotes, a number or a list in [ ]", xm: "a literal" } as const;

/** Returns the error of a token in the place of a value. */
export const refuse = (cursor: Cursor, token: Token) => {
  if (token.kind === "other" || token.kind === "name") {
    const plain = /^(true|false|yes|no|on|off|none|null)$/i.exec(token.text);
    const quotes = /^[“”‘’„«»]$/.test(token.text) ? " (these quotes are typographic: use ' or \")" : "";
    const number =
      plain === null
        ? ""
        : ` (xl requires ${/^(true|yes|on)$/i.test(token.text) ? "1" : "0"}; for an xm file use --syntax xm)`;
    if (cursor.dialect === "xm")
      return cursor.fault(token.at, `must be a literal; ${ADVICE}`, token, "xen-python");
    return cursor.fault(token.at, `must be ${VALUE.xl}${quotes}${number}`, token);
  }
  return cursor.fault(token.at, `must be ${VALUE[cursor.dialect]}`, token);
};

/** More than people nest, and less than would fill the stack. */
const DEPTH = 50;

const toText = (token: Extract<Token, { kind: "string" }>, cursor: Cursor): TextValue => {
  if (token.fault !== null) throw cursor.fault(token.fault.at, token.fault.message, null);
  return { kind: "string", text: token.value, at: token.inside, plain: token.plain };
};

const parseAtom = (cursor: Cursor, depth: number): Value => {
  const token = cursor.peek();
  if (token.kind === "string") return toText((cursor.take(), token), cursor);
  if (token.kind === "number") {
    cursor.take();
    return { kind: "number", text: token.text.replace(/[lL]$/, ""), at: token.at, plain: true };
  }
  if (token.kind === "mark" && token.text === "[") return parseList(cursor, "]", depth);
  if (cursor.dialect === "xm") {
    if (token.kind === "mark" && token.text === "(") return parseList(cursor, ")", depth);
    if (token.kind === "mark" && token.text === "{") return parseDict(cursor, depth);
    if (token.kind === "name" && (token.text === "True" || token.text === "False" || token.text === "None")) {
      cursor.take();
      return { kind: "constant", text: token.text, at: token.at };
    }
  }
  throw refuse(cursor, token);
};

/** In xm's dialect, what may come behind a literal: `+` and another one of the same kind. */
const join = (left: Value, right: Value, plus: Token, cursor: Cursor): Value => {
  if (left.kind === "string" && right.kind === "string")
    return { ...left, text: left.text + right.text, plain: false };
  if (left.kind === "list" && right.kind === "list")
    return { ...left, items: [...left.items, ...right.items] };
  throw cursor.fault(plus.at, `+ must join strings or lists; ${ADVICE}`, null, "xen-python");
};

/** Reads one value. */
const parseValue = (cursor: Cursor, depth = 0): Value => {
  if (depth > DEPTH) throw cursor.fault(cursor.peek().at, `lists may be nested ${DEPTH} deep`, cursor.peek());
  let value = parseAtom(cursor, depth);
  while (cursor.dialect === "xm") {
    const token = cursor.peek();
    if (isMark(token, "+")) {
      cursor.take();
      value = join(value, parseAtom(cursor, depth), token, cursor);
    } else if (
      (token.kind === "other" && /[%*/.-]/.test(token.text)) ||
      isMark(token, "(") ||
      isMark(token, "[")
    ) {
      throw cursor.fault(token.at, `must be a literal; ${ADVICE}`, token, "xen-python");
    } else break;
  }
  return value;
};

const separator = (cursor: Cursor, close: string, open: Token): void => {
  const token = cursor.peek();
  if (cursor.accept(",")) return;
  const where = `the list that begins in line ${open.at.line}`;
  const isItem = token.kind === "string" || token.kind === "number" || isMark(token, "[");
  throw cursor.fault(
    token.at,
    isItem
      ? `must have a comma between two list items`
      : `${where} must continue with a comma or end with ${close}`,
    token,
  );
};

/** A list in brackets, or xm's tuple; `(x)` without a comma is `x` itself. Line breaks are free inside, and so is a comma at the end. */
const parseList = (cursor: Cursor, close: "]" | ")", depth: number): Value => {
  const open = cursor.take();
  const items: Value[] = [];
  let comma = false;
  cursor.skipNewlines();
  while (!cursor.accept(close)) {
    const item = parseValue(cursor, depth + 1);
    items.push(item);
    cursor.skipNewlines();
    if (cursor.accept(close)) {
      const isGroup = close === ")" && items.length === 1 && !comma;
      return isGroup ? item : { kind: "list", items, at: open.at };
    }
    separator(cursor, close, open);
    comma = true;
    cursor.skipNewlines();
  }
  return { kind: "list", items, at: open.at };
};

const parseDict = (cursor: Cursor, depth: number): Value => {
  const open = cursor.take();
  const entries: (readonly [Value, Value])[] = [];
  cursor.skipNewlines();
  while (!cursor.accept("}")) {
    const key = parseValue(cursor, depth + 1);
    cursor.skipNewlines();
    if (!cursor.accept(":"))
      throw cursor.fault(cursor.peek().at, "a dictionary's key must be followed by :", cursor.peek());
    cursor.skipNewlines();
    entries.push([key, parseValue(cursor, depth + 1)]);
    cursor.skipNewlines();
    if (cursor.accept("}")) break;
    separator(cursor, "}", open);
    cursor.skipNewlines();
  }
  return { kind: "dict", entries, at: open.at };
};

const isAssignment = (cursor: Cursor): boolean =>
  cursor.peek().kind === "name" && (isMark(cursor.peek(1), "=") || isMark(cursor.peek(1), "+="));

const parseAssignment = (cursor: Cursor): Assignment => {
  const key = cursor.take();
  if (key.kind !== "name") {
    const isUpper = key.kind === "other" && /^[A-Z_]/.test(key.text);
    const rule = isUpper
      ? "a key must be in lower case (for an xm file use --syntax xm)"
      : 'a line must be KEY = VALUE, such as name = "dns1"';
    throw cursor.fault(key.at, rule, key);
  }
  const operator = cursor.peek();
  if (!cursor.accept("=") && !cursor.accept("+=")) {
    const isCode = cursor.dialect === "xm";
    const rule = isCode
      ? "Python code is never executed: write KEY = VALUE with the value itself, as `xm create --dryrun FILE` prints it"
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

/** Returns the number of brackets that the tokens of a statement left open. */
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
 * @returns its assignments, or all syntax errors: of Python the first, since the others follow from it
 */
export const parseAs = (text: string, dialect: Dialect): Result<XenConfig, Issue> => {
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
