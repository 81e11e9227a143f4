import type { Attributes, XmlElement } from "./tree.ts";

/** Namespaces by prefix inside an element; "" is the default namespace. */
export type NamespaceScope = ReadonlyMap<string, string>;

export const NO_NAMESPACES: NamespaceScope = new Map();

/** The scope inside an element with these attributes: hardly any declares a namespace. */
export const scopeIn = (attributes: Attributes, outer: NamespaceScope): NamespaceScope => {
  const declarations = Object.keys(attributes).filter(
    (name) => name === "xmlns" || name.startsWith("xmlns:"),
  );
  return declarations.length === 0
    ? outer
    : new Map([...outer, ...declarations.map((name) => [name.slice(6), attributes[name] ?? ""] as const)]);
};

/** The parts of a qualified name, and the namespace of its prefix; none for an undeclared one. */
export const resolve = (
  written: string,
  scope: NamespaceScope,
): Pick<XmlElement, "name" | "prefix" | "namespace"> => {
  const colon = written.indexOf(":");
  const prefix = colon < 0 ? "" : written.slice(0, colon);
  const uri = scope.get(prefix) ?? "";
  return { name: written.slice(colon + 1), prefix, namespace: uri === "" ? null : uri };
};
