import { NO_NAMESPACES, resolve, scopeIn, type Scope } from "./namespaces.ts";
import type { Attributes, XmlElement, XmlNode } from "./tree.ts";

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const resolved = (raw: string): string =>
  raw.includes("&")
    ? raw.replaceAll(/&(#x[0-9a-fA-F]+|#[0-9]+|\w+);/g, (whole, name: string) => {
        if (name.startsWith("#x")) return String.fromCodePoint(parseInt(name.slice(2), 16));
        return name.startsWith("#") ? String.fromCodePoint(Number(name.slice(1))) : (NAMED[name] ?? whole);
      })
    : raw;

const NAME = "[A-Za-z_][\\w.:-]*";
// One of: comment, CDATA, instruction, end tag, start tag, text. Sticky: nothing between two of them is skipped.
const PIECE = new RegExp(
  `<!--([^]*?)-->|<!\\[CDATA\\[([^]*?)\\]\\]>|<\\?[^]*?\\?>|</(${NAME})\\s*>|` +
    `<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>|([^<]+)`,
  "y",
);
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "g");

const readAttributes = (raw: string): Attributes =>
  Object.fromEntries(
    Array.from(raw.matchAll(ATTRIBUTE), ([, name = "", double, single]) => [
      name,
      resolved(double ?? single ?? ""),
    ]),
  );

/** An element whose end tag has not come yet. */
interface Open {
  readonly tag: string;
  readonly scope: Scope;
  readonly element: XmlElement & { readonly children: XmlNode[] };
}

const opened = (tag: string, attributes: Attributes, outer: Scope): Open => {
  const scope = scopeIn(attributes, outer);
  return {
    ...{ tag, scope },
    element: { kind: "element", ...resolve(tag, scope), attributes, children: [], at: null },
  };
};

/**
 * Reads a document that libvirt wrote, without comments and instructions. The hook alone reads XML this way: its time is mostly
 * its engine's own start, to which a library would add. It is strict where libvirt's output is regular: no document type, no entities
 * but XML's own five and numbers.
 *
 * @returns its root element, or null when it is not well-formed
 */
export const scanXml = (document: string): XmlElement | null => {
  // XML 1.0, 2.11: a line ends in one character.
  const text = document.includes("\r") ? document.replaceAll(/\r\n?/g, "\n") : document;
  const open: Open[] = [];
  let root: XmlElement | null = null;
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < text.length) {
    const piece = PIECE.exec(text);
    if (piece === null) return null;
    const [, , cdata, close, start, attributes = "", empty, characters] = piece;
    const inner = open.at(-1);
    if (start !== undefined) {
      if (inner === undefined && root !== null) return null;
      const next = opened(start, readAttributes(attributes), inner?.scope ?? NO_NAMESPACES);
      if (inner === undefined) root = next.element;
      else inner.element.children.push(next.element);
      if (empty !== "/") open.push(next);
    } else if (close !== undefined) {
      if (open.pop()?.tag !== close) return null;
    } else if (inner !== undefined) {
      if (cdata !== undefined) inner.element.children.push({ kind: "cdata", value: cdata });
      if (characters !== undefined)
        inner.element.children.push({ kind: "text", value: resolved(characters) });
    } else if (cdata !== undefined || (characters ?? "").trim() !== "") return null;
  }
  return open.length === 0 ? root : null;
};
