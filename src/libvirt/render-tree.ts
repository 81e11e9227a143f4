import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";

export type XmlNode = XMLBuilder["node"];
type XmlElementNode = NonNullable<XmlNode["parentElement"]>;

export const isElement = (node: XmlNode): node is XmlElementNode => "tagName" in node;
export const childNodes = (node: XmlNode): readonly XmlNode[] => [...node.childNodes];
/** Text that only sets elements apart. */
export const isSpace = (node: XmlNode): boolean =>
  node.nodeName === "#text" && (node.nodeValue ?? "").trim() === "";

const isNamed = (node: XmlNode, name: string): boolean =>
  isElement(node) && node.nodeName === name && node.namespaceURI === null;

/** All child elements without a namespace, of this name when one is given. */
export const childrenOf = (parent: XMLBuilder, name?: string): readonly XMLBuilder[] => {
  const found: XMLBuilder[] = [];
  parent.each(
    (child) => {
      if (isNamed(child.node, name ?? child.node.nodeName)) found.push(child);
    },
    false,
    false,
  );
  return found;
};

export const childOf = (parent: XMLBuilder, name: string): XMLBuilder | null =>
  childrenOf(parent, name)[0] ?? null;

export const attributeOf = (element: XMLBuilder | null, name: string): string | null =>
  element !== null && isElement(element.node) ? element.node.getAttribute(name) : null;

export const textOf = (element: XMLBuilder | null): string => (element?.node.textContent ?? "").trim();

/** Takes an element out, with the white space that set it apart. */
export const drop = (element: XMLBuilder): void => {
  const { previousSibling: before, parentNode: parent } = element.node;
  if (before !== null && isSpace(before)) parent?.removeChild(before);
  parent?.removeChild(element.node);
};
export const dropAll = (parent: XMLBuilder, ...names: readonly string[]): void => {
  for (const name of names) childrenOf(parent, name).forEach(drop);
};

/** Moves an element behind another one, or to the front of its parent. */
export const putBehind = (anchor: XMLBuilder | null, element: XMLBuilder): void => {
  const parent = element.node.parentNode;
  const next = anchor === null ? (parent?.firstChild ?? null) : anchor.node.nextSibling;
  if (next !== element.node) parent?.insertBefore(element.node, next);
};

/** The child of that name, or a new one at its place in the order that libvirt prints. */
export const place = (parent: XMLBuilder, name: string, order: readonly string[]): XMLBuilder => {
  const old = childOf(parent, name);
  if (old !== null) return old;
  const before = new Set(order.slice(0, order.indexOf(name)));
  const anchor = childrenOf(parent).findLast((child) => before.has(child.node.nodeName)) ?? null;
  const element = parent.ele(name);
  putBehind(anchor, element);
  return element;
};

/** Gives an element this text and nothing else; one that has it already keeps how it is written. */
export const setText = (element: XMLBuilder, text: string): void => {
  if (childNodes(element.node).length === 1 && element.node.textContent === text) return;
  element.node.textContent = text;
};

/** Replaces an element by a new one at its place, or makes a new one at the place of its name. */
export const replace = (parent: XMLBuilder, name: string, order: readonly string[]): XMLBuilder => {
  const old = childOf(parent, name);
  if (old === null) return place(parent, name, order);
  const element = parent.ele(name);
  putBehind(old, element);
  old.remove();
  return element;
};
