import type { Node } from "jsonc-parser";

/** A part that no text has; an issue about it would be at the beginning. */
const unwritten = (type: Node["type"], more: Partial<Node>): Node => ({
  type,
  offset: 0,
  length: 0,
  ...more,
});

const property = (key: string, value: Node): Node =>
  unwritten("property", { children: [unwritten("string", { value: key }), value] });

/** Returns the object that has a node as the only element of a list, together with some texts. */
export const enclose = (node: Node, list: string, texts: Readonly<Record<string, string>>): Node =>
  unwritten("object", {
    children: [
      ...Object.entries(texts).map(([key, value]) => property(key, unwritten("string", { value }))),
      property(list, unwritten("array", { children: [node] })),
    ],
  });
