import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import { childNodes, isElement, isSpace, type XmlNode } from "./render-tree.ts";

type Scope = ReadonlyMap<string, string>;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const reference = (character: string): string =>
  ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
const text = (value: string): string => value.replaceAll(/[&<>\r]/g, reference);
// A parser turns line breaks and tabs of an attribute into blanks, unless they are written as references.
const quoted = (value: string): string => `"${value.replaceAll(/[&<>"\t\n\r]/g, reference)}"`;

const indent = (depth: number): string => `\n${"  ".repeat(depth)}`;

/**
 * Prints a tree: what came with the template as it stood there, white space included, and what we added indented.
 *
 * @param isOld whether a node came with the template
 */
export const renderText = (document: XMLBuilder, isOld: (node: XmlNode) => boolean): string => {
  const print = (node: XmlNode, depth: number, outer: Scope): string => {
    if (!isElement(node)) {
      const value = node.nodeValue ?? "";
      switch (node.nodeName) {
        case "#comment":
          return `<!--${value}-->`;
        case "#cdata-section":
          return `<![CDATA[${value}]]>`;
        case "#text":
          return text(value);
        default:
          return `<?${node.nodeName}${value === "" ? "" : ` ${value}`}?>`;
      }
    }
    const attributes = [...node.attributes].map(({ name, value }) => [name, value] as const);
    const scope = new Map(outer);
    for (const [name, uri] of attributes) {
      if (name.startsWith("xmlns:")) scope.set(name.slice(6), uri);
    }
    const { prefix, namespaceURI: uri } = node;
    if (prefix !== null && uri !== null && scope.get(prefix) !== uri) {
      scope.set(prefix, uri);
      attributes.push([`xmlns:${prefix}`, uri]);
    }
    const tag = `<${node.nodeName}${attributes.map(([name, value]) => ` ${name}=${quoted(value)}`).join("")}`;
    const inside = printChildren(node, depth + 1, scope);
    return inside === "" ? `${tag}/>` : `${tag}>${inside}</${node.nodeName}>`;
  };

  const printChildren = (parent: XmlNode, depth: number, scope: Scope): string => {
    const children = childNodes(parent);
    // What came with the template and was moved into an element of ours is indented like that.
    const isOurs = (node: XmlNode | undefined): boolean =>
      node !== undefined && node.nodeName !== "#text" && !(isOld(node) && isOld(parent));
    // What we appended goes in front of the white space that belongs to the closing tag.
    const tail = children.findLastIndex((node) => !isOurs(node));
    const last = children[tail];
    const ordered =
      last !== undefined && isSpace(last) && tail < children.length - 1
        ? [...children.slice(0, tail), ...children.slice(tail + 1), last]
        : children;
    const printed = ordered.map((node, index) => {
      const before = ordered[index - 1];
      const ownLine = isOurs(node) && (before === undefined || !isSpace(before));
      return `${ownLine ? indent(depth) : ""}${print(node, depth, scope)}`;
    });
    return `${printed.join("")}${isOurs(ordered.at(-1)) ? indent(depth - 1) : ""}`;
  };

  // Outside the root element white space means nothing; each part gets a line.
  return childNodes(document.node)
    .map((node) => `${print(node, 0, new Map())}\n`)
    .join("");
};
