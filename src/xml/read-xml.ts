import { scanXml } from "./scan-xml.ts";

/** An element with its namespace resolved: prefixes are the writer's choice and mean nothing. */
export interface XmlElement {
  readonly namespace: string | null;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly inside it. */
  readonly text: string;
}

type Scope = ReadonlyMap<string, string>;

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

/** An element whose end tag has not come yet. */
interface Open {
  readonly tag: string;
  readonly scope: Scope;
  readonly element: XmlElement & { readonly children: XmlElement[]; text: string };
}

const openElement = (tag: string, attributes: Readonly<Record<string, string>>, outer: Scope): Open => {
  const scope = bind(outer, attributes);
  const colon = tag.indexOf(":");
  const namespace = scope.get(colon < 0 ? "" : tag.slice(0, colon)) ?? null;
  return {
    tag,
    scope,
    element: { namespace, name: tag.slice(colon + 1), attributes, children: [], text: "" },
  };
};

/** Reads a document that libvirt wrote. @returns its root element, or null when it is not well-formed */
export const readXml = (text: string): XmlElement | null => {
  const open: Open[] = [];
  let root: XmlElement | null = null;
  for (const event of scanXml(text) ?? []) {
    const inner = open.at(-1);
    if (event.kind === "text") {
      if (inner !== undefined) inner.element.text += event.text;
      else if (event.text.trim() !== "") return null;
    } else if (event.kind === "open") {
      if (inner === undefined && root !== null) return null;
      const next = openElement(event.name, event.attributes, inner?.scope ?? new Map());
      if (inner === undefined) root = next.element;
      else inner.element.children.push(next.element);
      open.push(next);
    } else if (open.pop()?.tag !== event.name) return null;
  }
  return open.length === 0 ? root : null;
};

/** The first child without a namespace of this name. */
export const child = (element: XmlElement | null, name: string): XmlElement | null =>
  element?.children.find((inner) => inner.name === name && inner.namespace === null) ?? null;

/** All children without a namespace of this name. */
export const childrenOf = (element: XmlElement | null, name: string): readonly XmlElement[] =>
  element?.children.filter((inner) => inner.name === name && inner.namespace === null) ?? [];

/** An attribute's value, or null. */
export const attribute = (element: XmlElement | null, name: string): string | null =>
  element?.attributes[name] ?? null;
