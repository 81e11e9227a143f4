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

// Other programs' metadata may have names in any alphabet (XML 1.0, 2.3).
const NAME = "[A-Za-z_\\x80-\\uffff][\\w.:\\x80-\\uffff-]*";
// Sticky: nothing is skipped. A tag is read part by part: QuickJS takes twice the time for one pattern with a repeated group.
const BEGINNING = new RegExp(`<(/?)(${NAME})`, "y");
const PART = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')|\\s*(/?)>`, "y");
/** Markup that is not an element. */
const ASIDE = /<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<\?[^]*?\?>/y;

/** Matches at this place only. */
const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** A tag, and where the text goes on behind it. */
interface Tag {
  readonly kind: "start" | "empty" | "end";
  readonly name: string;
  readonly attributes: Attributes;
  readonly end: number;
}

// Groups by their numbers: QuickJS takes an array apart by its iterator, which costs as much as the match.
const readTag = (text: string, at: number): Tag | null => {
  const beginning = matchAt(BEGINNING, text, at);
  if (beginning === null) return null;
  const isEnd = beginning[1] === "/";
  const name = beginning[2] ?? "";
  const attributes: Record<string, string> = {};
  let end = BEGINNING.lastIndex;
  for (;;) {
    const part = matchAt(PART, text, end);
    if (part === null) return null;
    end = PART.lastIndex;
    const key = part[1];
    if (key !== undefined) {
      // An end tag has neither attributes nor another slash.
      if (isEnd) return null;
      attributes[key] = resolved(part[2] ?? part[3] ?? "");
      continue;
    }
    const isEmpty = part[4] === "/";
    if (isEnd) return isEmpty ? null : { kind: "end", name, attributes, end };
    return { kind: isEmpty ? "empty" : "start", name, attributes, end };
  }
};

/** An element whose end tag has not come yet. */
interface Open {
  readonly tag: string;
  readonly scope: NamespaceScope;
  readonly element: XmlElement & { readonly children: XmlNode[] };
}

const opened = ({ name: tag, attributes }: Tag, outer: NamespaceScope): Open => {
  const scope = scopeIn(attributes, outer);
  const { name, prefix, namespace } = resolve(tag, scope);
  return {
    tag,
    scope,
    element: { kind: "element", name, prefix, namespace, attributes, children: [], at: null },
  };
};

/** Returns where an element ends that has just begun; null if it may have others of its name in it, or never ends. */
const endOf = (text: string, name: string, from: number): number | null => {
  const end = text.indexOf(`</${name}>`, from);
  const inner = text.indexOf(`<${name}`, from);
  return end < 0 || (inner >= 0 && inner < end) ? null : end + name.length + 3;
};

/** Tells whether an element is read, by the name of what it is in and its own. */
export type IsWanted = (parent: string, name: string) => boolean;

/**
 * Reads a document that libvirt wrote, without comments and instructions. The hook alone reads XML this way: its time is mostly
 * its engine's own start, to which a library would add. It is strict where libvirt's output is regular: no document type, no entities
 * but XML's own five and numbers.
 *
 * @param isWanted whether the content of an element is read, which may else be anything
 * @returns its root element, or null when it is not well-formed
 */
export const scanXml = (document: string, isWanted: IsWanted = () => true): XmlElement | null => {
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
    if ("!?".includes(text.charAt(at + 1))) {
      const aside = matchAt(ASIDE, text, at);
      if (aside === null) return null;
      at = ASIDE.lastIndex;
      const cdata = aside[1];
      if (cdata === undefined) continue;
      if (inner === undefined) return null;
      inner.element.children.push({ kind: "cdata", value: cdata });
      continue;
    }
    const tag = readTag(text, at);
    if (tag === null) return null;
    at = tag.end;
    if (tag.kind === "end") {
      if (open.pop()?.tag !== tag.name) return null;
      continue;
    }
    if (inner === undefined && root !== null) return null;
    const opening = opened(tag, inner?.scope ?? NO_NAMESPACES);
    if (inner === undefined) root = opening.element;
    else inner.element.children.push(opening.element);
    if (tag.kind === "empty") continue;
    const end = isWanted(inner?.tag ?? "", tag.name) ? null : endOf(text, tag.name, at);
    if (end === null) open.push(opening);
    else at = end;
  }
  return open.length === 0 ? root : null;
};
