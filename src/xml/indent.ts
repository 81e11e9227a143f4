import { isSpace, text, type XmlElement, type XmlNode } from "./tree.ts";

const lineAt = (depth: number): XmlNode => text(`\n${"  ".repeat(depth)}`);

/**
 * Gives new elements lines of their own. The text of a person is unchanged, white space included,
 * unless it is now in an element that was made.
 */
export const indented = (parent: XmlElement, depth = 0): XmlElement => {
  const isOnLine = (node: XmlNode | undefined): boolean =>
    node !== undefined &&
    node.kind !== "text" &&
    (parent.at === null || (node.kind === "element" && node.at === null));
  const children: XmlNode[] = [];
  for (const node of parent.children) {
    if (isOnLine(node) && !isSpace(children.at(-1))) children.push(lineAt(depth + 1));
    children.push(node.kind === "element" ? indented(node, depth + 1) : node);
  }
  if (isOnLine(parent.children.at(-1))) children.push(lineAt(depth));
  return { ...parent, children };
};
