import { NO_NAMESPACES, resolve, scopeIn, type NamespaceScope } from "./namespaces.ts";
import type { Attributes, XmlElement, XmlNode } from "./tree.ts";

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The last character of Unicode. */
const MAX_POINT = 0x10ffff;

const resolved = (raw: string): string =>
  raw.includes("&")
    ? raw.replaceAll(/&(#x[0-9a-fA-F]+|#[0-9]+|\w+);/g, (whole, name: string) => {
        if (!name.startsWith("#")) return NAMED[name] ?? whole;
        const point = name.startsWith("#x") ? parseInt(name.slice(2), 16) : Number(name.slice(1));
        return point <= MAX_POINT ? String.fromCodePoint(point) : whole;
      })
    : raw;

const NAME = "[A-Za-z_][\\w.:-]*";
// Sticky: nothing is skipped.
const TAG = new RegExp(
  `</(${NAME})\\s*>|<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`,
  "y",
);
/** Markup that is not an element. */
const ASIDE = /<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<\?[^]*?\?>/y;
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "g");

const readAttributes = (raw: string): Attributes => {
  const attributes: Record<string, string> = {};
  for (const [, name = "", double, single] of raw.matchAll(ATTRIBUTE))
    attributes[name] = resolved(double ?? single ?? "");
  return attributes;
};

/** Matches at this place only. */
const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** An element whose end tag has not come yet. */
interface Open {
  readonly tag: string;
  readonly scope: NamespaceScope;
  readonly element: XmlElement & { readonly children: XmlNode[] };
}

const opened = (tag: string, attributes: Attributes, outer: NamespaceScope): Open => {
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
  let at = 0;
  while (at < text.length) {
    const inner = open.at(-1);
    const next = text.indexOf("<", at);
    const characters = text.slice(at, next < 0 ? text.length : next);
    at += characters.length;
    if (characters !== "") {
      if (inner !== undefined) inner.element.children.push({ kind: "text", value: resolved(characters) });
      else if (characters.trim() !== "") return null;
      continue;
    }
    const aside = "!?".includes(text.charAt(at + 1)) ? matchAt(ASIDE, text, at) : null;
    const tag = aside ?? matchAt(TAG, text, at);
    if (tag === null) return null;
    at += tag[0].length;
    if (aside !== null) {
      const [, cdata] = aside;
      if (cdata === undefined) continue;
      if (inner === undefined) return null;
      inner.element.children.push({ kind: "cdata", value: cdata });
      continue;
    }
    const [, close, start = "", attributes = "", empty] = tag;
    if (close !== undefined) {
      if (open.pop()?.tag !== close) return null;
      continue;
    }
    if (inner === undefined && root !== null) return null;
    const opening = opened(start, readAttributes(attributes), inner?.scope ?? NO_NAMESPACES);
    if (inner === undefined) root = opening.element;
    else inner.element.children.push(opening.element);
    if (empty !== "/") open.push(opening);
  }
  return open.length === 0 ? root : null;
};
