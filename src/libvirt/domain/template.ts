import { indented } from "../../xml/indent.ts";
import { printDocument } from "../../xml/print.ts";
import type { XmlDocument, XmlElement } from "../../xml/tree.ts";

/** Domain XML that a profile completes. */
export interface Template {
  readonly document: XmlDocument;
  /** Free PCIe root ports of a guest with PCIe whose profile names no number; null adds none. */
  readonly hotplugPorts: number | null;
}

/**
 * Prints a completed domain.
 *
 * @returns the domain XML, ending in a line break; the same profile always gives the same bytes
 */
export const printDomain = ({ document }: Template, domain: XmlElement): string =>
  printDocument({ ...document, root: indented(domain) });
