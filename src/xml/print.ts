import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import { NO_NAMESPACES, scopeIn, type NamespaceScope } from "./namespaces.ts";
import { type Attributes, qualifiedName, type XmlDocument, type XmlElement, type XmlNode } from "./tree.ts";

/**
 * A value as xmlbuilder2 prints it unchanged. It takes `&name;` and `&#10;` in a value for references and leaves them, so `&` is given to
 * it as one. A parser would turn line breaks and tabs of an attribute into blanks, and any carriage return into a line break.
 */
const escaped = (value: string, characters: RegExp): string =>
  value.replaceAll(characters, (character) =>
    character === "&" ? "&amp;" : `&#${String(character.charCodeAt(0))};`,
  );
const IN_TEXT = /[&\r]/g;
const IN_QUOTES = /[&\t\n\r]/g;

/** Declares the element's own namespace where no element around it does. */
const declared = ({ prefix, namespace, attributes }: XmlElement, outer: NamespaceScope): Attributes =>
  namespace === null || prefix === "" || scopeIn(attributes, outer).get(prefix) === namespace
    ? attributes
    : { ...attributes, [`xmlns:${prefix}`]: namespace };

type DomNode = XMLBuilder["node"];
const isDomElement = (node: DomNode): node is NonNullable<DomNode["parentElement"]> => "tagName" in node;

/**
 * Sets an attribute by its name as it is written. To xmlbuilder2 `xmlns:p` would be a namespace: it then decides itself which declarations are
 * needed, and removes those that libvirt needs (virXMLInjectNamespace) or that a template has.
 */
const setAttribute = ({ node }: XMLBuilder, name: string, value: string): void => {
  if (isDomElement(node)) node.setAttribute(name, escaped(value, IN_QUOTES));
};

const build = (parent: XMLBuilder, node: XmlNode, outer: NamespaceScope): void => {
  switch (node.kind) {
    case "text":
      parent.txt(escaped(node.value, IN_TEXT));
      return;
    case "cdata":
      parent.dat(node.value);
      return;
    case "comment":
      parent.com(node.value);
      return;
    case "instruction":
      parent.ins(node.target, node.value);
      return;
    case "element": {
      const built = parent.ele(null, qualifiedName(node));
      const attributes = declared(node, outer);
      for (const [name, value] of Object.entries(attributes)) setAttribute(built, name, value);
      const scope = scopeIn(attributes, outer);
      for (const child of node.children) build(built, child, scope);
    }
  }
};

/**
 * Prints an element, comment or instruction as it is, without a line break of its own. It is in a document: a fragment would be one kind of
 * node more than V8 makes fast code for, and all the others take four times as long.
 */
export const printXml = (node: XmlNode): string => {
  const document = create();
  build(document, node, NO_NAMESPACES);
  return document.end({ headless: true });
};

/** Prints a document, each part of it on a line: outside the root element white space means nothing. */
export const printDocument = ({ before, root, after }: XmlDocument): string =>
  [...before, root, ...after].map((node) => `${printXml(node)}\n`).join("");
