// The tree that is rendered: as much of XML as a domain has. The browser's DOM, which libraries bring, is ten times this
// code to load and three times the time for a guest (docs/performance.md).

/** What stands between elements. Of an instruction, `target` is its name. */
export interface XmlData {
  readonly kind: "text" | "cdata" | "comment" | "instruction";
  readonly target: string;
  readonly value: string;
  readonly origin: Origin;
}
export type XmlNode = XmlElement | XmlData;
/** Where a node comes from: what came with a template is printed as it stood there. */
export type Origin = "template" | "profile";
type Attributes = Readonly<Record<string, string>>;

/** An element that can still change. Its methods that add return it, or the new child, to go on with. */
export class XmlElement {
  readonly kind = "element";
  /** As it is written, with its prefix. */
  readonly name: string;
  /** Null is none, which is where all of libvirt's own elements are. */
  readonly namespace: string | null;
  readonly origin: Origin;
  readonly attributes = new Map<string, string>();
  parent: XmlElement | null = null;
  #children: XmlNode[] = [];

  constructor(name: string, namespace: string | null = null, origin: Origin = "profile") {
    this.name = name;
    this.namespace = namespace;
    this.origin = origin;
  }

  get children(): readonly XmlNode[] {
    return this.#children;
  }

  /** All text in it, that of its elements included. */
  get text(): string {
    const parts = this.#children.map((child) => {
      if (child.kind === "element") return child.text;
      return child.kind === "text" || child.kind === "cdata" ? child.value : "";
    });
    return parts.join("");
  }

  /** Appends an element. @returns the new one */
  ele(name: string, attributes: Attributes = {}, namespace: string | null = null): XmlElement {
    const element = new XmlElement(name, namespace).att(attributes);
    this.insert(element, null);
    return element;
  }

  /** The element that it is in. */
  up(): XmlElement {
    if (this.parent === null) throw new Error(`<${this.name}> is in no element`);
    return this.parent;
  }

  /** Sets attributes. @returns the element itself */
  att(attributes: Attributes): this {
    for (const [name, value] of Object.entries(attributes)) this.attributes.set(name, value);
    return this;
  }

  /** Appends text. @returns the element itself */
  txt(value: string): this {
    return this.add({ kind: "text", target: "", value, origin: "profile" });
  }

  /** Appends a comment. @returns the element itself */
  com(value: string): this {
    return this.add({ kind: "comment", target: "", value, origin: "profile" });
  }

  /** Appends what is no element. @returns the element itself */
  add(data: XmlData): this {
    this.#children.push(data);
    return this;
  }

  /** Makes this all that is in it. */
  fill(children: readonly XmlData[]): void {
    for (const child of this.#children) if (child.kind === "element") child.parent = null;
    this.#children = [...children];
  }

  /** Puts an element, wherever it was, in front of one of the children, or with null behind them all. */
  insert(element: XmlElement, before: XmlNode | null): void {
    element.parent?.remove(element);
    const at = before === null ? this.#children.length : this.#children.indexOf(before);
    this.#children.splice(at, 0, element);
    element.parent = this;
  }

  /** Takes a child out. */
  remove(child: XmlNode): void {
    this.#children.splice(this.#children.indexOf(child), 1);
    if (child.kind === "element") child.parent = null;
  }

  /** The same again, in no parent. */
  clone(): XmlElement {
    const copy = new XmlElement(this.name, this.namespace, this.origin);
    for (const [name, value] of this.attributes) copy.attributes.set(name, value);
    copy.#children = this.#children.map((child) => {
      if (child.kind !== "element") return child;
      const inner = child.clone();
      inner.parent = copy;
      return inner;
    });
    return copy;
  }
}
