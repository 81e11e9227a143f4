import type { XmlDocument } from "../../xml/tree.ts";

/** Domain XML that a profile completes. */
export interface Template {
  readonly document: XmlDocument;
  /** Free PCIe root ports of a guest with PCIe whose profile names no number; null adds none. */
  readonly hotplugPorts: number | null;
}
