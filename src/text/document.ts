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

const positions = (text: string) => {
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return (offset: number): Position => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
};

const nearest = (root: Node, path: Issue["path"]): Node =>
  findNodeAtLocation(root, [...path]) ?? (path.length === 0 ? root : nearest(root, path.slice(0, -1)));

/**
 * Reads a text.
 *
 * @param enclosed what the document is to be, when the text is a part of it
 * @returns the document, or all of its syntax errors
 */
export const readDocument = (
  text: string,
  enclosed: (part: Node) => Node = (part) => part,
): Document | readonly Issue[] => {
  const errors: ParseError[] = [];
  const at = positions(text);
  // A byte order mark is none of JSON's, but editors write it.
  const body = text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text;
  const part = parseTree(body, errors, { allowTrailingComma: true, disallowComments: false });
  if (errors.length > 0 || part === undefined) {
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
  }
  const root = enclosed(part);
  const issueAt: Document["issueAt"] = (code, node, path, message) => ({
    severity: "error",
    code,
    path,
    message,
    position: at(node.offset),
  });
  const issue: Document["issue"] = (code, path, message) => issueAt(code, nearest(root, path), path, message);
  return {
    value: getNodeValue(root),
    root,
    issueAt,
    issue,
    warning: (code, path, message) => ({ ...issue(code, path, message), severity: "warning" }),
    locate: (path) => ({
      position: at(nearest(root, path).offset),
      written: findNodeAtLocation(root, [...path]) !== undefined,
    }),
  };
};
