import { SaxesParser } from "saxes";
import type { Issue, Position } from "../values/issue.ts";
import { good, refused, type Result } from "../values/result.ts";

/** An element of a domain XML with its place. Elements of other namespaces keep their prefix in the name. */
export interface DomainNode {
  readonly name: string;
  readonly at: Position;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly DomainNode[];
  readonly text: string;
}

interface Open extends DomainNode {
  readonly children: DomainNode[];
  text: string;
}

/** Reads a domain XML. @returns its root, or the first thing that is wrong with it */
export const readDomainTree = (text: string): Result<DomainNode, Issue> => {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const issues: Issue[] = [];
  const open: Open[] = [];
  const roots: DomainNode[] = [];
  let start: Position = { line: 1, column: 1 };
  const fault = (message: string, position: Position): void => {
    issues.push({ severity: "error", code: "domain-xml", path: [], message, position });
  };
  const here = (): Position => ({ line: parser.line, column: Math.max(1, parser.columnIndex) });
  parser.on("error", (error) => {
    const what = error.message.replace(/^(?:undefined:)?\d+:\d+: /, "").replace(/\.$/, "");
    fault(`this is no well-formed XML: ${what}`, here());
  });
  parser.on("doctype", () => {
    fault("a domain XML has no document type, found <!DOCTYPE", here());
  });
  parser.on("opentagstart", ({ name }) => {
    // saxes has read the name and one character more.
    const { line, column } = here();
    start = { line, column: Math.max(1, column - name.length - 1) };
  });
  parser.on("opentag", ({ name, attributes }) => {
    const values = Object.values(attributes).map((one): readonly [string, string] => [one.name, one.value]);
    const node: Open = { name, at: start, attributes: Object.fromEntries(values), children: [], text: "" };
    if (open.length === 0 && name !== "domain")
      fault(`the root element must be <domain>, as virsh dumpxml prints it, found <${name}>`, start);
    open.at(-1)?.children.push(node);
    if (open.length === 0) roots.push(node);
    open.push(node);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  const add = (value: string): void => {
    const inner = open.at(-1);
    if (inner !== undefined) inner.text += value;
  };
  parser.on("text", add);
  parser.on("cdata", add);
  parser.write(text.replace(/^\uFEFF/, "")).close();
  const [first] = issues;
  if (first !== undefined) return refused(first);
  const [root] = roots;
  return root === undefined
    ? refused({
        severity: "error",
        code: "domain-xml",
        path: [],
        message: "must be a domain XML, found nothing",
        position: start,
      })
    : good(root);
};

/** The first child of that name, or null. */
export const nodeOf = (parent: DomainNode | null, name: string): DomainNode | null =>
  parent?.children.find((child) => child.name === name) ?? null;

export const nodesOf = (parent: DomainNode | null, name: string): readonly DomainNode[] =>
  parent?.children.filter((child) => child.name === name) ?? [];

/** An attribute, or null. */
export const attr = (node: DomainNode | null, name: string): string | null => node?.attributes[name] ?? null;

/** An element as it stands there, on one line; a password is not shown. */
export const showNode = ({ name, attributes, children, text }: DomainNode): string => {
  const shown = Object.entries(attributes).map(
    ([key, value]) => ` ${key}='${/pas+w/i.test(key) ? "…" : value}'`,
  );
  const inside = text.trim() !== "" ? text.trim() : children.length > 0 ? "…" : "";
  return inside === ""
    ? `<${name}${shown.join("")}/>`
    : `<${name}${shown.join("")}>${inside.length > 60 ? `${inside.slice(0, 60)}…` : inside}</${name}>`;
};
