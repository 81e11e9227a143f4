import type { Issue } from "../../values/issue.ts";
import type { Account, Given, Origin } from "../report/account.ts";
import { attr, type DomainNode, nodeOf, nodesOf, showNode } from "../../xml/domain-tree.ts";

/** Reads a domain XML, and remembers which elements were looked at: the others have to be accounted for, too. */
export class DomainReader {
  readonly account: Account;
  readonly root: DomainNode;
  readonly #read = new Set<DomainNode>();
  readonly #paths = new Map<DomainNode, Issue["path"]>();

  constructor(root: DomainNode, account: Account) {
    this.root = root;
    this.account = account;
    this.#walk(root, []);
  }

  #walk(node: DomainNode, path: Issue["path"]): void {
    this.#paths.set(node, path);
    const counts = new Map<string, number>();
    for (const child of node.children) {
      const index = counts.get(child.name) ?? 0;
      counts.set(child.name, index + 1);
      const isList = nodesOf(node, child.name).length > 1;
      this.#walk(child, isList ? [...path, child.name, index] : [...path, child.name]);
    }
  }

  origin(node: DomainNode): Origin {
    return { at: node.at, path: this.#paths.get(node) ?? [], found: showNode(node) };
  }

  given<T>(node: DomainNode, value: T): Given<T> {
    return { ...this.origin(node), value };
  }

  /** A child that the caller accounts for. */
  child(parent: DomainNode | null, name: string): DomainNode | null {
    const node = nodeOf(parent, name);
    if (node !== null) this.#read.add(node);
    return node;
  }

  children(parent: DomainNode | null, name: string): readonly DomainNode[] {
    const nodes = nodesOf(parent, name);
    for (const node of nodes) this.#read.add(node);
    return nodes;
  }

  /** An element of which all is accounted for with it. */
  whole(node: DomainNode): void {
    this.#read.add(node);
    for (const child of node.children) this.whole(child);
  }

  /** The text of a child. */
  text(parent: DomainNode | null, name: string): Given<string> | null {
    const node = this.child(parent, name);
    return node === null ? null : this.given(node, node.text.trim());
  }

  /** An attribute of a child. */
  attribute(parent: DomainNode | null, name: string, key: string): Given<string> | null {
    const node = this.child(parent, name);
    const value = attr(node, key);
    return node === null || value === null ? null : this.given(node, value);
  }

  refuse(node: DomainNode, message: string): null {
    this.account.refuse("domain-xml", this.origin(node), message);
    return null;
  }

  /** The elements that nobody has looked at; what is inside one goes with it. */
  rest(parent: DomainNode = this.root): readonly DomainNode[] {
    return parent.children.flatMap((node) => {
      if (!this.#read.has(node))
        return node.name === "devices" || node.name === "os" ? this.rest(node) : [node];
      return this.rest(node);
    });
  }
}
