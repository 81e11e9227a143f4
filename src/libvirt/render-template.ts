import { SaxesParser } from "saxes";
import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import type { Position } from "../model/issue.ts";
import { refused, good, type Result } from "../model/result.ts";

/** What is wrong with a template, and where in it. */
export interface TemplateFault {
  readonly message: string;
  readonly position: Position;
}

/** A template as a tree, with all white space, and the nodes that it came with: what is not among them is ours. */
export interface Template {
  readonly document: XMLBuilder;
  readonly isOld: (node: XMLBuilder["node"]) => boolean;
}

const XMLNS = "http://www.w3.org/2000/xmlns/";

/**
 * Reads a template. saxes checks what XML 1.0 and its namespaces demand, and says where; the parser inside xmlbuilder2
 * takes unclosed elements and unknown entities without a word.
 *
 * @returns the tree, or the first fault: what follows it is mostly its echo
 */
export const readTemplate = (text: string): Result<Template, TemplateFault> => {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const document = create();
  const old = new Set<XMLBuilder["node"]>();
  const faults: TemplateFault[] = [];
  let here = document;
  const fault = (message: string): void => {
    faults.push({ message, position: { line: parser.line, column: Math.max(1, parser.columnIndex) } });
  };
  const found = (): string => {
    const line = (text.split(/\r\n?|\n/)[parser.line - 1] ?? "").trim().slice(0, 60);
    return line === "" ? "the end of the text" : JSON.stringify(line);
  };
  const keep = (): void => {
    const last = here.node.lastChild;
    if (last !== null) old.add(last);
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
    if (here.node === document.node && (name !== "domain" || uri !== "")) {
      const where = uri === "" ? "" : ` in the namespace ${JSON.stringify(uri)}`;
      fault(`the root element must be <domain>, as virsh dumpxml prints it, found <${name}>${where}`);
    }
    here = here.ele(uri === "" ? null : uri, name);
    for (const { name: key, uri: space, value } of Object.values(attributes))
      here.att(key === "xmlns" ? XMLNS : space === "" ? null : space, key, value);
    // Only now: a namespace makes xmlbuilder2 take another node for the element.
    old.add(here.node);
  });
  parser.on("closetag", () => {
    if (faults.length === 0) here = here.up();
  });
  parser.on("text", (value) => {
    if (faults.length > 0 || here.node === document.node) return;
    here.txt(value);
    keep();
  });
  parser.on("cdata", (value) => {
    if (faults.length > 0) return;
    here.dat(value);
    keep();
  });
  parser.on("comment", (value) => {
    if (faults.length > 0) return;
    here.com(value);
    keep();
  });
  parser.on("processinginstruction", ({ target, body }) => {
    if (faults.length > 0) return;
    here.ins(target, body);
    keep();
  });
  parser.write(text).close();
  const [first] = faults;
  return first === undefined ? good({ document, isOld: (node) => old.has(node) }) : refused(first);
};
