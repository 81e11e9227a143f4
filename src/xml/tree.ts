import type { Position } from "../values/issue.ts";

export type Attributes = Readonly<Record<string, string>>;

/** Content between elements. Of an instruction, `target` is its name. */
export type XmlData =
  | { readonly kind: "text" | "cdata" | "comment"; readonly value: string }
  | { readonly kind: "instruction"; readonly target: string; readonly value: string };

/** An element, whichever reader it comes from, or made by {@link element}. It never changes: an edit gives another one. */
export interface XmlElement {
  readonly kind: "element";
  /** Without its prefix. */
  readonly name: string;
  /** As it is written before the name, or "". It is the writer's choice: the namespace is what counts. */
  readonly prefix: string;
  /** Null is none, which is where all of libvirt's own elements are. */
  readonly namespace: string | null;
  /** By their names as written, declarations of namespaces included. */
  readonly attributes: Attributes;
  readonly children: readonly XmlNode[];
  /** Position in a text from a person; null in a text from libvirt, and for a new element. */
  readonly at: Position | null;
}

export type XmlNode = XmlElement | XmlData;

/** A whole text: its root, and the comments and instructions around it. */
export interface XmlDocument {
  readonly before: readonly XmlData[];
  readonly root: XmlElement;
  readonly after: readonly XmlData[];
}

/** The name as in the document, with its prefix. */
export const qualifiedName = ({ prefix, name }: XmlElement): string =>
  prefix === "" ? name : `${prefix}:${name}`;

/** Returns all elements directly inside, of any namespace. */
export const elementsIn = (parent: XmlElement | null): readonly XmlElement[] =>
  parent?.children.filter((child) => child.kind === "element") ?? [];

/** The elements without a namespace directly inside, of this name when one is given. */
export const childrenOf = (parent: XmlElement | null, name?: string): readonly XmlElement[] =>
  elementsIn(parent).filter(
    (child) => child.namespace === null && (name === undefined || child.name === name),
  );

/** The first element of this name without a namespace, or null. */
export const child = (parent: XmlElement | null, name: string): XmlElement | null =>
  childrenOf(parent, name)[0] ?? null;

/** An attribute's value, or null. */
export const attribute = (element: XmlElement | null, name: string): string | null =>
  element?.attributes[name] ?? null;

/** The text directly inside, that of CDATA sections included. */
export const textOf = (element: XmlElement | null): string =>
  (element?.children ?? [])
    .map((node) => (node.kind === "text" || node.kind === "cdata" ? node.value : ""))
    .join("");

/** Text that only sets elements apart. */
export const isSpace = (node: XmlNode | undefined): boolean =>
  node?.kind === "text" && node.value.trim() === "";

/** Makes an element without a namespace. */
export const element = (
  name: string,
  attributes: Attributes = {},
  children: readonly XmlNode[] = [],
): XmlElement => ({ kind: "element", name, prefix: "", namespace: null, attributes, children, at: null });

export const text = (value: string): XmlData => ({ kind: "text", value });
