import type { XmlElement, XmlNode } from "./render-element.ts";
import { isSpace } from "../libvirt/domain/render-tree.ts";

type Scope = ReadonlyMap<string, string>;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const reference = (character: string): string =>
  ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
const IN_TEXT = /[&<>\r]/g;
const text = (value: string): string => value.replaceAll(IN_TEXT, reference);
// A parser turns line breaks and tabs of an attribute into blanks, unless they are written as references.
const IN_QUOTES = /[&<>"\t\n\r]/g;
const quoted = (value: string): string => `"${value.replaceAll(IN_QUOTES, reference)}"`;

const indent = (depth: number): string => `\n${"  ".repeat(depth)}`;

/** What the namespaces are inside an element: hardly any declares one. */
const scopeIn = ({ attributes }: XmlElement, outer: Scope): Scope => {
  let scope = outer;
  for (const [name, uri] of attributes) {
    if (name.startsWith("xmlns:")) scope = new Map([...scope, [name.slice(6), uri]]);
  }
  return scope;
};

const printElement = (element: XmlElement, depth: number, outer: Scope): string => {
  const { name, namespace } = element;
  let scope = scopeIn(element, outer);
  let tag = `<${name}`;
  for (const [key, value] of element.attributes) tag += ` ${key}=${quoted(value)}`;
  const prefix = namespace === null ? "" : name.slice(0, Math.max(0, name.indexOf(":")));
  if (namespace !== null && prefix !== "" && scope.get(prefix) !== namespace) {
    scope = new Map([...scope, [prefix, namespace]]);
    tag += ` xmlns:${prefix}=${quoted(namespace)}`;
  }
  const inside = printChildren(element, depth + 1, scope);
  return inside === "" ? `${tag}/>` : `${tag}>${inside}</${name}>`;
};

const print = (node: XmlNode, depth: number, scope: Scope): string => {
  switch (node.kind) {
    case "element":
      return printElement(node, depth, scope);
    case "text":
      return text(node.value);
    case "comment":
      return `<!--${node.value}-->`;
    case "cdata":
      return `<![CDATA[${node.value}]]>`;
    case "instruction":
      return `<?${node.target}${node.value === "" ? "" : ` ${node.value}`}?>`;
  }
};

/** What we appended goes in front of the white space that belongs to the closing tag. */
const inOrder = (children: readonly XmlNode[], isOurs: (node: XmlNode) => boolean): readonly XmlNode[] => {
  const tail = children.findLastIndex((node) => !isOurs(node));
  const last = children[tail];
  return last !== undefined && tail < children.length - 1 && isSpace(last)
    ? [...children.slice(0, tail), ...children.slice(tail + 1), last]
    : children;
};

const printChildren = (parent: XmlElement, depth: number, scope: Scope): string => {
  // What came with the template and was moved into an element of ours is indented like that.
  const isOurs = (node: XmlNode): boolean =>
    node.kind !== "text" && (node.origin === "profile" || parent.origin === "profile");
  let printed = "";
  let before: XmlNode | null = null;
  for (const node of inOrder(parent.children, isOurs)) {
    if (isOurs(node) && (before === null || !isSpace(before))) printed += indent(depth);
    printed += print(node, depth, scope);
    before = node;
  }
  return before !== null && isOurs(before) ? printed + indent(depth - 1) : printed;
};

/**
 * Prints a document, each part of it on a line: outside the root element white space means nothing. What came with the
 * template is printed as it stood there, white space included, and what we added indented.
 */
export const renderText = (document: readonly XmlNode[]): string =>
  document.map((node) => `${print(node, 0, new Map())}\n`).join("");
