import { XMLParser } from "fast-xml-parser";
import { NO_NAMESPACES, resolve, scopeIn, type NamespaceScope } from "./namespaces.ts";
import { qualifiedName, type XmlElement, type XmlNode } from "./tree.ts";

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  cdataPropName: "#cdata",
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Numbers and blanks are what they are: `<address slot='0x00'/>`, `<description> a </description>`.
  parseTagValue: false,
  trimValues: false,
  // Of `&#10;` and the like it takes care only with HTML's.
  htmlEntities: true,
});

const ATTRIBUTES = ":@";
type Parsed = Readonly<Record<string, unknown>>;

const isParsed = (value: unknown): value is Parsed => typeof value === "object" && value !== null;
const listOf = (value: unknown): readonly Parsed[] => (Array.isArray(value) ? value.filter(isParsed) : []);
const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

const toNode = (one: Parsed, outer: NamespaceScope): XmlNode => {
  const tag = Object.keys(one).find((key) => key !== ATTRIBUTES) ?? "";
  if (tag === "#text") return { kind: "text", value: textIn(one[tag]) };
  const inside = listOf(one[tag]);
  if (tag === "#cdata") return { kind: "cdata", value: textIn(inside[0]?.["#text"]) };
  const given = one[ATTRIBUTES];
  const attributes = Object.fromEntries(
    Object.entries(isParsed(given) ? given : {}).map(([name, value]) => [name, textIn(value)]),
  );
  const scope = scopeIn(attributes, outer);
  const children = inside.map((inner) => toNode(inner, scope));
  return { kind: "element", ...resolve(tag, scope), attributes, children, at: null };
};

/** Returns whether the text ends with the root's own end: the parser takes one that was cut off, and closes what is open. */
const isWhole = (text: string, root: XmlElement): boolean => {
  const tag = qualifiedName(root);
  const end = text.slice(text.lastIndexOf("<")).trimEnd();
  return end.endsWith("/>")
    ? end.startsWith(`<${tag}`) && root.children.length === 0
    : /^<\/(\S+)\s*>$/.exec(end)?.[1] === tag;
};

const parsed = (text: string): readonly Parsed[] => {
  try {
    return listOf(parser.parse(text));
  } catch {
    // The package has no error class of its own for invalid XML.
    return [];
  }
};

/**
 * Reads a document that libvirt wrote, without comments and instructions: it is well-formed, or cut off.
 *
 * @returns its root element, or null for an incomplete document
 */
export const parseXml = (text: string): XmlElement | null => {
  const [root, second] = parsed(text).map((one) => toNode(one, NO_NAMESPACES));
  return root?.kind === "element" && second === undefined && isWhole(text, root) ? root : null;
};
