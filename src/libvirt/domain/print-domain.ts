import { indented } from "../../xml/indent.ts";
import { printDocument } from "../../xml/print.ts";
import type { XmlElement } from "../../xml/tree.ts";
import type { Template } from "./template.ts";

/**
 * Prints a completed domain.
 *
 * @returns the domain XML, ending in a line break; the same profile always gives the same bytes
 */
export const printDomain = ({ document }: Template, domain: XmlElement): string =>
  printDocument({ ...document, root: indented(domain) });
