import { SaxesParser } from "saxes";
import type { Position } from "../values/issue.ts";
import { good, refused, type Result } from "../values/result.ts";
import { resolve } from "./namespaces.ts";
import type { XmlData, XmlDocument, XmlElement, XmlNode } from "./tree.ts";

/** An error of a document, and its position. */
export interface XmlFault {
  readonly message: string;
  readonly position: Position;
}

/** libvirt's parser takes no deeper document (xmlParserMaxDepth of libxml2), and what walks a tree here calls itself. */
const MOST_LEVELS = 256;

type Open = XmlElement & { readonly children: XmlNode[] };

/**
 * Reads a document that a person gives, with every white space, comment and instruction, and with the places of its elements.
 * saxes checks the rules of XML 1.0 and its namespaces, and reports the position.
 *
 * @param name of the root element, such as "domain"
 * @returns the tree, or the first fault: what follows it is mostly its echo
 */
export const readDocument = (text: string, name: string): Result<XmlDocument, XmlFault> => {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const faults: XmlFault[] = [];
  const [before, after]: [XmlData[], XmlData[]] = [[], []];
  const open: Open[] = [];
  const roots: XmlElement[] = [];
  let start: Position = { line: 1, column: 1 };
  const here = (): Position => ({ line: parser.line, column: Math.max(1, parser.columnIndex) });
  const fault = (message: string, position = here()): void => {
    faults.push({ message, position });
  };
  const found = (): string => {
    const line = (text.split(/\r\n?|\n/)[parser.line - 1] ?? "").trim().slice(0, 60);
    return line === "" ? "the end of the text" : JSON.stringify(line);
  };
  const keep = (data: XmlData): void => {
    const inner = open.at(-1);
    if (inner !== undefined) inner.children.push(data);
    // White space around the root means nothing.
    else if (data.kind !== "text") (roots.length === 0 ? before : after).push(data);
  };
  parser.on("error", (error) => {
    const what = error.message
      .replace(/^(?:undefined:)?\d+:\d+: /, "")
      .replace(/\.$/, "")
      .replace("undefined", "unknown");
    fault(`must be well-formed XML: ${what}, found in ${found()}`);
  });
  parser.on("xmldecl", ({ encoding, version }) => {
    if (version === "1.1") fault('must be XML 1.0 (libvirt reads no other version), found version "1.1"');
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      fault(`must be in UTF-8, found encoding ${JSON.stringify(encoding)}`);
  });
  parser.on("doctype", () => {
    fault("must have no document type, found <!DOCTYPE");
  });
  parser.on("opentagstart", (tag) => {
    // saxes has read the name and one character more.
    const { line, column } = here();
    start = { line, column: Math.max(1, column - tag.name.length - 1) };
  });
  parser.on("opentag", (tag) => {
    const parent = open.at(-1);
    if (parent === undefined && (tag.name !== name || tag.uri !== "")) {
      const where = tag.uri === "" ? "" : ` in the namespace ${JSON.stringify(tag.uri)}`;
      fault(
        `the root element must be <${name}>, as virsh dumpxml prints it, found <${tag.name}>${where}`,
        start,
      );
    }
    const values = Object.values(tag.attributes).map((one) => [one.name, one.value] as const);
    const scope = new Map([[tag.prefix, tag.uri]]);
    const element: Open = {
      kind: "element",
      ...resolve(tag.name, scope),
      attributes: Object.fromEntries(values),
      children: [],
      at: start,
    };
    if (open.length === MOST_LEVELS)
      fault(`must be nested at most ${String(MOST_LEVELS)} levels deep`, start);
    (parent?.children ?? roots).push(element);
    open.push(element);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.on("text", (value) => {
    keep({ kind: "text", value });
  });
  parser.on("cdata", (value) => {
    keep({ kind: "cdata", value });
  });
  parser.on("comment", (value) => {
    keep({ kind: "comment", value });
  });
  parser.on("processinginstruction", ({ target, body }) => {
    keep({ kind: "instruction", target, value: body });
  });
  parser.write(text).close();
  const [first] = faults;
  if (first !== undefined) return refused(first);
  const [root] = roots;
  if (root === undefined) throw new Error("saxes accepted a text without a root element");
  return good({ before, root, after });
};
