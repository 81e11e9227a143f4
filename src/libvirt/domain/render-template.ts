import { SaxesParser } from "saxes";
import type { Position } from "../../values/issue.ts";
import { refused, good, type Result } from "../../values/result.ts";
import { type XmlData, XmlElement, type XmlNode } from "../../xml/render-element.ts";

/** What is wrong with a template, and where in it. */
export interface TemplateFault {
  readonly message: string;
  readonly position: Position;
}

/** A template as a tree, with all white space. It is read once and never changed: each guest completes a copy. */
export interface Template {
  /** What stands around the root element, and it itself. */
  readonly nodes: readonly XmlNode[];
  readonly domain: XmlElement;
}

/**
 * Reads a template. saxes checks what XML 1.0 and its namespaces demand, and says where.
 *
 * @returns the tree, or the first fault: what follows it is mostly its echo
 */
export const readTemplate = (text: string): Result<Template, TemplateFault> => {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const nodes: XmlNode[] = [];
  const faults: TemplateFault[] = [];
  let here: XmlElement | null = null;
  const fault = (message: string): void => {
    faults.push({ message, position: { line: parser.line, column: Math.max(1, parser.columnIndex) } });
  };
  const found = (): string => {
    const line = (text.split(/\r\n?|\n/)[parser.line - 1] ?? "").trim().slice(0, 60);
    return line === "" ? "the end of the text" : JSON.stringify(line);
  };
  const keep = (kind: XmlData["kind"], value: string, target = ""): void => {
    if (faults.length > 0) return;
    const data = { kind, target, value, origin: "template" } as const;
    // White space around the root means nothing.
    if (here !== null) here.add(data);
    else if (kind !== "text") nodes.push(data);
  };
  parser.on("error", (error) => {
    const what = error.message
      .replace(/^(?:undefined:)?\d+:\d+: /, "")
      .replace(/\.$/, "")
      .replace("undefined", "unknown");
    fault(`this is no well-formed XML: ${what}, found in ${found()}`);
  });
  parser.on("xmldecl", ({ encoding, version }) => {
    if (version === "1.1") fault('must be XML 1.0, which is all that libvirt reads, found version "1.1"');
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      fault(`must be in UTF-8, found encoding ${JSON.stringify(encoding)}`);
  });
  parser.on("doctype", () => {
    fault("a domain XML has no document type, found <!DOCTYPE");
  });
  parser.on("opentag", ({ name, uri, attributes }) => {
    if (faults.length > 0) return;
    if (here === null && (name !== "domain" || uri !== "")) {
      const where = uri === "" ? "" : ` in the namespace ${JSON.stringify(uri)}`;
      fault(`the root element must be <domain>, as virsh dumpxml prints it, found <${name}>${where}`);
    }
    const element = new XmlElement(name, uri === "" ? null : uri, "template");
    for (const { name: key, value } of Object.values(attributes)) element.attributes.set(key, value);
    if (here === null) nodes.push(element);
    else here.insert(element, null);
    here = element;
  });
  parser.on("closetag", () => {
    here = here?.parent ?? null;
  });
  parser.on("text", (value) => {
    keep("text", value);
  });
  parser.on("cdata", (value) => {
    keep("cdata", value);
  });
  parser.on("comment", (value) => {
    keep("comment", value);
  });
  parser.on("processinginstruction", ({ target, body }) => {
    keep("instruction", body, target);
  });
  parser.write(text).close();
  const [first] = faults;
  if (first !== undefined) return refused(first);
  const domain = nodes.find((node) => node.kind === "element");
  if (domain === undefined) throw new Error("saxes took a text without a root element");
  return good({ nodes, domain });
};
