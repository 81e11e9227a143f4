import { parseMac, type Mac } from "../../values/mac.ts";
import {
  attribute,
  type Attributes,
  child,
  element,
  elementsIn,
  type XmlElement,
  type XmlNode,
} from "../../xml/tree.ts";

/**
 * Namespace of the guestnet element below `<metadata>`. libvirt drops children without a namespace there and keeps one
 * element for each (`virXMLNodeSanitizeNamespaces`), so all NICs of a guest are inside one `<guest>`.
 */
export const NAMESPACE = "urn:guestnet:1";
/** The prefix that genxml writes. Others are read too: only the namespace counts. */
export const PREFIX = "guestnet";

/** Makes an element of the guestnet namespace. */
export const ownElement = (
  name: string,
  attributes: Attributes = {},
  children: readonly XmlNode[] = [],
): XmlElement => ({ ...element(name, attributes, children), prefix: PREFIX, namespace: NAMESPACE });

const isOwn = (node: XmlNode, name: string): boolean =>
  node.kind === "element" && node.namespace === NAMESPACE && node.name === name;

/** The child elements of the guestnet namespace, of this name if one is given. */
export const ownChildren = (parent: XmlElement | null, name?: string): readonly XmlElement[] =>
  elementsIn(parent).filter((one) => isOwn(one, name ?? one.name));

/** The guestnet element in a `<metadata>`, or null. */
export const guestIn = (metadata: XmlElement | null): XmlElement | null =>
  ownChildren(metadata, "guest")[0] ?? null;

/** The guestnet element of a domain, or null. */
export const guestOf = (domain: XmlElement): XmlElement | null => guestIn(child(domain, "metadata"));

/** The NIC that a child of the guestnet element describes; null when it names none. */
export const macOf = (nic: XmlElement): Mac | null => parseMac(attribute(nic, "mac") ?? "");
