import { XMLParser, XMLValidator } from "fast-xml-parser";
import { NO_NAMESPACES, resolve, scopeIn, type Scope } from "./namespaces.ts";
import type { XmlElement, XmlNode } from "./tree.ts";

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

const toNode = (parsed: Parsed, outer: Scope): XmlNode => {
  const tag = Object.keys(parsed).find((key) => key !== ATTRIBUTES) ?? "";
  if (tag === "#text") return { kind: "text", value: textIn(parsed[tag]) };
  const inside = listOf(parsed[tag]);
  if (tag === "#cdata") return { kind: "cdata", value: textIn(inside[0]?.["#text"]) };
  const given = parsed[ATTRIBUTES];
  const attributes = Object.fromEntries(
    Object.entries(isParsed(given) ? given : {}).map(([name, value]) => [name, textIn(value)]),
  );
  const scope = scopeIn(attributes, outer);
  const children = inside.map((one) => toNode(one, scope));
  return { kind: "element", ...resolve(tag, scope), attributes, children, at: null };
};

/**
 * Reads a document that libvirt wrote, without comments and instructions. The parser alone is lenient: what it would mend is
 * looked for before.
 *
 * @returns its root element, or null when it is not well-formed
 */
export const parseXml = (text: string): XmlElement | null => {
  if (XMLValidator.validate(text) !== true) return null;
  const [root, second] = listOf(parser.parse(text)).map((one) => toNode(one, NO_NAMESPACES));
  return root?.kind === "element" && second === undefined ? root : null;
};
