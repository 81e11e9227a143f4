import { type Address, parseAddress } from "../../values/address.ts";
import type { Attachment } from "../../guest/attachment.ts";
import type { IfName } from "../../values/names.ts";
import type { Result } from "../../values/result.ts";
import type { XmlElement } from "../../xml/read-xml.ts";
import type { ReadVlan } from "../metadata/read-vlan.ts";

/**
 * Namespace of our one element below `<metadata>`. libvirt drops children without a namespace there and keeps one
 * element for each (`virXMLNodeSanitizeNamespaces`), so all NICs of a guest are inside one `<guest>`.
 */
export const NAMESPACE = "urn:guestnet:1";

/** What of the `<interface>` with the same MAC address a wish needs. */
export interface Met {
  readonly bridge: IfName | null;
  readonly vlan: ReadVlan;
}

/** What the metadata says of one NIC, before it has met its `<interface>`. */
export type Wish =
  | { readonly kind: "attachment"; readonly toAttachment: (met: Met) => Result<Attachment, string> }
  | { readonly kind: "wrong"; readonly why: string };

export const wrong = (why: string): Wish => ({ kind: "wrong", why });

/** The texts of an element's children of that name. */
export const textsIn = (element: XmlElement, name: string): readonly string[] =>
  element.children
    .filter((inner) => inner.name === name && inner.namespace === NAMESPACE)
    .map((inner) => inner.text.trim());

/** The addresses among an element's children of that name, and what is wrong with the others. */
export const addressesIn = (
  element: XmlElement,
  name: string,
): { readonly addresses: readonly Address[]; readonly bad: readonly string[] } => {
  const read = textsIn(element, name).map((text) => ({ text, address: parseAddress(text) }));
  return {
    addresses: read.flatMap(({ address }) => address ?? []),
    bad: read.flatMap(({ text, address }) =>
      address === null ? `<${name}>${text}</${name}> is no address` : [],
    ),
  };
};
