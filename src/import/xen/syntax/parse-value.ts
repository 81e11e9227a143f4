import type { Cursor } from "./cursor.ts";
import { ADVICE, refuse } from "./refuse-value.ts";
import type { Token } from "./token.ts";
import { isMark } from "./token.ts";
import type { TextValue, Value } from "./value.ts";

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
  throw cursor.fault(plus.at, `only strings and lists are put together by +; ${ADVICE}`, null, "xen-python");
};

/** Reads one value. */
export const parseValue = (cursor: Cursor, depth = 0): Value => {
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
      throw cursor.fault(token.at, `this is more than a literal; ${ADVICE}`, token, "xen-python");
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
      ? `there must be a comma between two items of a list`
      : `${where} must go on with a comma or end with ${close}`,
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
