import { XMLParser } from "fast-xml-parser";

/** An element with its namespace resolved: prefixes are the writer's choice and mean nothing. */
export interface XmlElement {
  readonly namespace: string | null;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

type Scope = ReadonlyMap<string, string>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
});

const bind = (outer: Scope, attributes: Readonly<Record<string, string>>): Scope => {
  const declared = Object.entries(attributes).flatMap(([name, uri]) =>
    name === "xmlns"
      ? [["", uri] as const]
      : name.startsWith("xmlns:")
        ? [[name.slice(6), uri] as const]
        : [],
  );
  return declared.length === 0 ? outer : new Map([...outer, ...declared]);
};

// With preserveOrder a node is { tag: children, ":@": attributes }, and text is { "#text": "…" }.
const toElements = (nodes: unknown, outer: Scope): readonly XmlElement[] =>
  (nodes as readonly Record<string, unknown>[]).flatMap((node) => {
    const attributes = (node[":@"] ?? {}) as Record<string, string>;
    const tag = Object.keys(node).find((key) => key !== ":@");
    if (tag === undefined || tag.startsWith("#") || tag.startsWith("?")) return [];
    const scope = bind(outer, attributes);
    const [prefix, name] = tag.includes(":") ? tag.split(":", 2) : ["", tag];
    const inner = node[tag] as readonly Record<string, unknown>[];
    return [
      {
        namespace: scope.get(prefix ?? "") ?? null,
        name: name ?? tag,
        attributes,
        children: toElements(inner, scope),
        text: inner.map((child) => (typeof child["#text"] === "string" ? child["#text"] : "")).join(""),
      },
    ];
  });

/** Reads a document that libvirt wrote. @returns its root element, or null when there is none */
export const readXml = (text: string): XmlElement | null =>
  toElements(parser.parse(text), new Map()).at(0) ?? null;

/** The first child without a namespace of this name. */
export const child = (element: XmlElement | null, name: string): XmlElement | null =>
  element?.children.find((inner) => inner.name === name && inner.namespace === null) ?? null;

/** All children without a namespace of this name. */
export const childrenOf = (element: XmlElement | null, name: string): readonly XmlElement[] =>
  element?.children.filter((inner) => inner.name === name && inner.namespace === null) ?? [];

/** An attribute's value, or null. */
export const attribute = (element: XmlElement | null, name: string): string | null =>
  element?.attributes[name] ?? null;
