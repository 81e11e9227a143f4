import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import type { Issue, IssueCode, Position } from "../values/issue.ts";

/** A JSON text with comments and trailing commas, and the way from a path in it back to line and column. */
export interface Document {
  readonly value: unknown;
  /** Whether no object has a key twice: then nothing of the text is missing in the value. */
  readonly plain: boolean;
  /** Parsed when it is first read: a text without errors needs no positions. */
  readonly root: Node;
  /** An issue at the value that the path leads to, or at the nearest thing above it that is there. */
  readonly issue: (code: IssueCode, path: Issue["path"], message: string) => Issue;
  /** The same, for what is hardly meant but can be done. */
  readonly warning: (code: IssueCode, path: Issue["path"], message: string) => Issue;
  /** An issue at a node that one has in hand, such as a key. */
  readonly issueAt: (code: IssueCode, node: Node, path: Issue["path"], message: string) => Issue;
  /** Returns the position of a path, or of the nearest node above it, and whether the document has the path itself. */
  readonly locate: (path: Issue["path"]) => { readonly position: Position; readonly written: boolean };
}

// Keyed by the library's names: its enum is erased at build time.
const WHAT: Readonly<Record<string, string>> = {
  InvalidSymbol: "invalid JSON value: strings need double quotes",
  InvalidNumberFormat: "invalid JSON number",
  PropertyNameExpected: "expected a key in double quotes",
  ValueExpected: "expected a value",
  ColonExpected: 'expected ":"',
  CommaExpected: 'expected ","',
  CloseBraceExpected: 'expected "}"',
  CloseBracketExpected: 'expected "]"',
  EndOfFileExpected: "unexpected text after the end of the document",
  UnexpectedEndOfComment: "unterminated comment",
  UnexpectedEndOfString: "unterminated string",
  InvalidEscapeCharacter: "invalid JSON escape",
  InvalidUnicode: "incomplete \\u escape: it requires four hexadecimal digits",
  InvalidCharacter: "unescaped control character in a string",
};

/** Parts of a text that are made when they are first needed. */
const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
};

const positions = (text: string) => {
  const lines = once(() => [
    0,
    ...Array.from(text.matchAll(/\r\n?|\n/g), (match) => match.index + match[0].length),
  ]);
  return (offset: number): Position => {
    const line = lines().findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (lines()[line] ?? 0) + 1 };
  };
};

const keysOf = (value: unknown): number => {
  if (typeof value !== "object" || value === null) return 0;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let count = Array.isArray(value) ? 0 : inner.length;
  for (const one of inner) count += keysOf(one);
  return count;
};

/** A string, and the blanks behind it. In a valid text, each one begins outside of the one before. */
const STRING = /"(?:[^"\\]|\\.)*"\s*/g;

const keysIn = (text: string): number => {
  let count = 0;
  STRING.lastIndex = 0;
  while (STRING.test(text)) if (text[STRING.lastIndex] === ":") count += 1;
  return count;
};

/**
 * Reads JSON as it is, ten times as fast as with positions. @returns null for a text with comments, errors, or a key twice, of
 * which JSON.parse keeps the last silently
 */
const readPlain = (text: string): { readonly value: unknown } | null => {
  try {
    const value: unknown = JSON.parse(text);
    return keysIn(text) === keysOf(value) ? { value } : null;
  } catch {
    return null;
  }
};

const nearest = (root: Node, path: Issue["path"]): Node =>
  findNodeAtLocation(root, [...path]) ?? (path.length === 0 ? root : nearest(root, path.slice(0, -1)));

const documentOf = (
  value: unknown,
  plain: boolean,
  at: (offset: number) => Position,
  tree: () => Node,
): Document => {
  const issueAt: Document["issueAt"] = (code, node, path, message) => ({
    severity: "error",
    code,
    path,
    message,
    position: at(node.offset),
  });
  const issue: Document["issue"] = (code, path, message) =>
    issueAt(code, nearest(tree(), path), path, message);
  return {
    value,
    plain,
    get root() {
      return tree();
    },
    issueAt,
    issue,
    warning: (code, path, message) => ({ ...issue(code, path, message), severity: "warning" }),
    locate: (path) => ({
      position: at(nearest(tree(), path).offset),
      written: findNodeAtLocation(tree(), [...path]) !== undefined,
    }),
  };
};

/** Far deeper than any profile, and far from the depth at which a reader that calls itself runs out of stack. */
const MOST_LEVELS = 100;

/** Brackets, and texts and comments, which may contain them without meaning. */
const BRACKETS = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\/|[[{]|[\]}]/g;

/** Returns where a text is nested too deeply; null where it is not. */
const findTooDeep = (text: string): number | null => {
  if ((text.match(/[[{]/g)?.length ?? 0) <= MOST_LEVELS) return null;
  let level = 0;
  for (const { 0: token, index } of text.matchAll(BRACKETS)) {
    if (token === "[" || token === "{") level += 1;
    else if (token === "]" || token === "}") level -= 1;
    if (level > MOST_LEVELS) return index;
  }
  return null;
};

const tooDeep = (offset: number, at: (offset: number) => Position): Issue => ({
  ...{ severity: "error", code: "json-syntax", path: [], position: at(offset) },
  message: `must be nested at most ${String(MOST_LEVELS)} levels deep`,
});

const parse = (text: string): { readonly root: Node | undefined; readonly errors: readonly ParseError[] } => {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  return { root, errors };
};

const syntaxIssues = (
  body: string,
  errors: readonly ParseError[],
  at: (offset: number) => Position,
): readonly Issue[] => {
  const piece = (error: ParseError): string => {
    const text = body.slice(error.offset, error.offset + Math.max(1, error.length)).trim();
    const [line = ""] = text.split(/[\r\n]/);
    if (line === "") return "the end of the line or file";
    // It goes to a terminal, so what is more than plain text is escaped, and its beginning is enough.
    return /\p{C}/u.test(line) ? JSON.stringify(line.slice(0, 20)) : line.slice(0, 60);
  };
  const issues = errors.map((error): Issue => ({
    severity: "error",
    code: "json-syntax",
    path: [],
    message: `${WHAT[printParseErrorCode(error.error)] ?? "invalid JSON"}, found ${piece(error)}`,
    position: at(error.offset),
  }));
  // What follows the first error of a line is mostly its echo.
  return issues.filter(({ position }, index) => position?.line !== issues[index - 1]?.position?.line);
};

/**
 * Reads a text.
 *
 * @param enclose what the document is to be, when the text is a part of it
 * @returns the document, or all of its syntax errors
 */
export const readDocument = (
  text: string,
  enclose: ((part: Node) => Node) | null = null,
): Document | readonly Issue[] => {
  const at = positions(text);
  // A byte order mark is none of JSON's, but editors write it.
  const body = text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text;
  const deep = findTooDeep(body);
  if (deep !== null) return [tooDeep(deep, at)];
  const plain = enclose === null ? readPlain(body) : null;
  const parsed = once(() => parse(body));
  const tree = once((): Node => {
    const { root } = parsed();
    if (root === undefined) throw new Error("a text without errors has no value");
    return enclose === null ? root : enclose(root);
  });
  if (plain !== null) return documentOf(plain.value, true, at, tree);
  const { root, errors } = parsed();
  if (errors.length > 0 || root === undefined) return syntaxIssues(body, errors, at);
  return documentOf(getNodeValue(tree()), false, at, tree);
};
