import {
  type Attributes,
  child,
  childrenOf,
  element,
  isSpace,
  text,
  textOf,
  type XmlElement,
  type XmlNode,
} from "./tree.ts";

// Each of these returns a new element, in which everything else is unchanged.

/** With these attributes set. Those that it has keep their places. */
export const withAttributes = (old: XmlElement, attributes: Attributes): XmlElement => ({
  ...old,
  attributes: { ...old.attributes, ...attributes },
});

export const withoutAttributes = (old: XmlElement, ...names: readonly string[]): XmlElement => ({
  ...old,
  attributes: Object.fromEntries(Object.entries(old.attributes).filter(([name]) => !names.includes(name))),
});

/** With this text and nothing else in it; one that has it already keeps how it is written. */
export const withText = (old: XmlElement, value: string): XmlElement =>
  old.children.length === 1 && textOf(old) === value
    ? old
    : { ...old, children: value === "" ? [] : [text(value)] };

/** With another child in the place of one. */
export const replaced = (parent: XmlElement, old: XmlElement, fresh: XmlElement): XmlElement => ({
  ...parent,
  children: parent.children.map((node) => (node === old ? fresh : node)),
});

/** Without these children, and without the white space that sets each apart. */
export const without = (parent: XmlElement, ...gone: readonly XmlNode[]): XmlElement => ({
  ...parent,
  children: parent.children.filter((node, index) => {
    const next = parent.children[index + 1];
    return !gone.includes(node) && !(next !== undefined && gone.includes(next) && isSpace(node));
  }),
});

/** Without the children of these names. */
export const withoutNamed = (parent: XmlElement, ...names: readonly string[]): XmlElement =>
  without(parent, ...childrenOf(parent).filter(({ name }) => names.includes(name)));

/** What toSpliced(index, 0, fresh) does from Node.js 20 on. */
const insertedAt = <Item>(items: readonly Item[], index: number, fresh: Item): readonly Item[] => [
  ...items.slice(0, index),
  fresh,
  ...items.slice(index),
];

/** With one more child, behind another one, or in front of all. */
export const insertedBehind = (
  parent: XmlElement,
  anchor: XmlElement | null,
  fresh: XmlElement,
): XmlElement => ({
  ...parent,
  children: insertedAt(parent.children, anchor === null ? 0 : parent.children.indexOf(anchor) + 1, fresh),
});

/** With one more child behind all, in front of the white space that belongs to the closing tag. */
export const appended = (parent: XmlElement, fresh: XmlElement): XmlElement => ({
  ...parent,
  children: insertedAt(
    parent.children,
    parent.children.length - (isSpace(parent.children.at(-1)) ? 1 : 0),
    fresh,
  ),
});

/**
 * With the child of a name changed, or with a new one.
 *
 * @param order the names of all children, in the order in which libvirt prints them
 * @param change is given the child, or an empty one
 */
export const withChild = (
  parent: XmlElement,
  name: string,
  order: readonly string[],
  change: (old: XmlElement) => XmlElement = (old) => old,
): XmlElement => {
  const old = child(parent, name);
  if (old !== null) return replaced(parent, old, change(old));
  const before = new Set(order.slice(0, order.indexOf(name)));
  const anchor = childrenOf(parent).findLast((one) => before.has(one.name)) ?? null;
  return insertedBehind(parent, anchor, change(element(name)));
};
