import type { XmlElement, XmlNode } from "../../xml/render-element.ts";

/** Text that only sets elements apart. */
export const isSpace = (node: XmlNode): boolean => node.kind === "text" && node.value.trim() === "";

/** All child elements without a namespace, of this name when one is given. */
export const childrenOf = (parent: XmlElement, name?: string): readonly XmlElement[] =>
  parent.children.filter(
    (child): child is XmlElement =>
      child.kind === "element" && child.namespace === null && (name === undefined || child.name === name),
  );

export const childOf = (parent: XmlElement, name: string): XmlElement | null =>
  childrenOf(parent, name)[0] ?? null;

export const attributeOf = (element: XmlElement | null, name: string): string | null =>
  element?.attributes.get(name) ?? null;

export const textOf = (element: XmlElement | null): string => (element?.text ?? "").trim();

/** Takes an element out, with the white space that set it apart. */
export const drop = (element: XmlElement): void => {
  const { parent } = element;
  if (parent === null) return;
  const before = parent.children[parent.children.indexOf(element) - 1];
  if (before !== undefined && isSpace(before)) parent.remove(before);
  parent.remove(element);
};
export const dropAll = (parent: XmlElement, ...names: readonly string[]): void => {
  for (const name of names) childrenOf(parent, name).forEach(drop);
};

/** Moves an element behind another one, or to the front of its parent. */
export const putBehind = (anchor: XmlElement | null, element: XmlElement): void => {
  const { parent } = element;
  if (parent === null) return;
  const at = anchor === null ? 0 : parent.children.indexOf(anchor) + 1;
  const next = parent.children[at] ?? null;
  if (next !== element) parent.insert(element, next);
};

/** The child of that name, or a new one at its place in the order that libvirt prints. */
export const place = (parent: XmlElement, name: string, order: readonly string[]): XmlElement => {
  const old = childOf(parent, name);
  if (old !== null) return old;
  const before = new Set(order.slice(0, order.indexOf(name)));
  const anchor = childrenOf(parent).findLast((child) => before.has(child.name)) ?? null;
  const element = parent.ele(name);
  putBehind(anchor, element);
  return element;
};

/** Gives an element this text and nothing else; one that has it already keeps how it is written. */
export const setText = (element: XmlElement, text: string): void => {
  if (element.children.length === 1 && element.text === text) return;
  element.fill(text === "" ? [] : [{ kind: "text", target: "", value: text, origin: "profile" }]);
};

/** Replaces an element by a new one at its place, or makes a new one at the place of its name. */
export const replace = (parent: XmlElement, name: string, order: readonly string[]): XmlElement => {
  const old = childOf(parent, name);
  if (old === null) return place(parent, name, order);
  const element = parent.ele(name);
  putBehind(old, element);
  parent.remove(old);
  return element;
};
