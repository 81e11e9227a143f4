import type { Issue, Position } from "../../values/issue.ts";
import type { Report, Given, Origin } from "../report/report.ts";
import {
  attribute,
  child,
  childrenOf,
  elementsIn,
  qualifiedName,
  textOf,
  type XmlElement,
} from "../../xml/tree.ts";

const START: Position = { line: 1, column: 1 };

/** Returns an element on one line, without passwords. */
const show = (node: XmlElement): string => {
  const name = qualifiedName(node);
  const attributes = Object.entries(node.attributes).map(
    ([key, value]) => ` ${key}='${/pas+w/i.test(key) ? "…" : value}'`,
  );
  const text = textOf(node).trim();
  const inside = text !== "" ? text : elementsIn(node).length > 0 ? "…" : "";
  return inside === ""
    ? `<${name}${attributes.join("")}/>`
    : `<${name}${attributes.join("")}>${inside.length > 60 ? `${inside.slice(0, 60)}…` : inside}</${name}>`;
};

/** Reads a domain XML, and remembers which elements were looked at: the others have to be accounted for, too. */
export class DomainReader {
  readonly report: Report;
  readonly root: XmlElement;
  readonly #read = new Set<XmlElement>();
  readonly #paths = new Map<XmlElement, Issue["path"]>();

  constructor(root: XmlElement, report: Report) {
    this.root = root;
    this.report = report;
    this.#walk(root, []);
  }

  #walk(node: XmlElement, path: Issue["path"]): void {
    this.#paths.set(node, path);
    const counts = new Map<string, number>();
    const names = elementsIn(node).map(qualifiedName);
    for (const inner of elementsIn(node)) {
      const name = qualifiedName(inner);
      const index = counts.get(name) ?? 0;
      counts.set(name, index + 1);
      const isList = names.indexOf(name) !== names.lastIndexOf(name);
      this.#walk(inner, isList ? [...path, name, index] : [...path, name]);
    }
  }

  origin(node: XmlElement): Origin {
    return { at: node.at ?? START, path: this.#paths.get(node) ?? [], found: show(node) };
  }

  /** One of several values of an element; null where it is not given. */
  originOf(node: XmlElement | null, key: string): Given<string> | null {
    const value = attribute(node, key);
    if (node === null || value === null) return null;
    const { at, path } = this.origin(node);
    return { at, path: [...path, key], found: /pas+w/i.test(key) ? "…" : value, value };
  }

  given<T>(node: XmlElement, value: T): Given<T> {
    return { ...this.origin(node), value };
  }

  /** A child that the caller accounts for. */
  child(parent: XmlElement | null, name: string): XmlElement | null {
    const node = child(parent, name);
    if (node !== null) this.#read.add(node);
    return node;
  }

  children(parent: XmlElement | null, name: string): readonly XmlElement[] {
    const nodes = childrenOf(parent, name);
    for (const node of nodes) this.#read.add(node);
    return nodes;
  }

  /** An element whose children are accounted for one by one. */
  enter(node: XmlElement | null): void {
    if (node !== null) this.#read.add(node);
  }

  /** An element of which all is accounted for with it. */
  whole(node: XmlElement): void {
    this.#read.add(node);
    for (const inner of elementsIn(node)) this.whole(inner);
  }

  /** The text of a child. */
  text(parent: XmlElement | null, name: string): Given<string> | null {
    const node = this.child(parent, name);
    return node === null ? null : this.given(node, textOf(node).trim());
  }

  /** An attribute of a child. */
  attribute(parent: XmlElement | null, name: string, key: string): Given<string> | null {
    const node = this.child(parent, name);
    const value = attribute(node, key);
    return node === null || value === null ? null : this.given(node, value);
  }

  refuse(node: XmlElement, message: string): null {
    this.report.refuse("domain-xml", this.origin(node), message);
    return null;
  }

  /** The elements that were never read, each with its content. */
  rest(parent: XmlElement = this.root): readonly XmlElement[] {
    return elementsIn(parent).flatMap((node) => {
      if (!this.#read.has(node))
        return node.name === "devices" || node.name === "os" ? this.rest(node) : [node];
      return this.rest(node);
    });
  }
}
