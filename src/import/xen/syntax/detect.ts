import type { Issue, Position } from "../../../values/issue.ts";
import { refused, type Refused, type Result } from "../../../values/result.ts";
import { parseAs } from "./parse.ts";
import { type Dialect, dialectOf, otherInput, type XenConfig } from "./value.ts";

/** Returns the position of the first NUL byte: neither C nor Python reads a file beyond it. */
const nulIn = (text: string): Position | null => {
  const before = text.slice(0, Math.max(0, text.indexOf("\0"))).split("\n");
  return text.includes("\0") ? { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } : null;
};

/** Constructs that xl rejects, with their meaning for xm: no construct marks every Python file. */
const withXm = (text: string, problems: readonly [Issue, ...Issue[]]): Refused<Issue> => {
  const [first, ...rest] = problems;
  const xm = parseAs(text, "xm");
  if (xm.ok)
    return refused(
      { ...first, message: `${first.message}; it is right in xm's syntax: use --syntax xm` },
      ...rest,
    );
  const [python] = xm.problems;
  const { line, column } = first.position ?? { line: 1, column: 1 };
  const isThere = python?.position?.line === line && python.position.column === column;
  // Typographic quotes, for example, are not Python either.
  const isAscii = /^[\x21-\x7e]/.test((text.split("\n")[line - 1] ?? "").slice(column - 1));
  return python?.code === "xen-python" && isThere && isAscii ? xm : refused(...problems);
};

/**
 * Reads a configuration file for xl, or for xm as far as it is made of literals.
 *
 * @param syntax whose; null finds it out
 * @returns its assignments, or all syntax errors: of Python the first, since the others follow from it
 */
export const parseXen = (text: string, syntax: Dialect | null = null): Result<XenConfig, Issue> => {
  const refuse = (message: string, position: Position): Refused<Issue> =>
    refused({ severity: "error", code: "xen-syntax", path: [], message, position });
  const other = otherInput(text);
  if (other !== null) return refuse(other, { line: 1, column: 1 });
  const nul = nulIn(text);
  if (nul !== null)
    return refuse("must be text, found a NUL byte: is this a disk image, or a damaged file?", nul);
  const dialect = syntax ?? dialectOf(text);
  const parsed = parseAs(text, dialect);
  const [first, ...rest] = parsed.ok ? [] : parsed.problems;
  return first === undefined || syntax !== null || dialect === "xm" ? parsed : withXm(text, [first, ...rest]);
};
