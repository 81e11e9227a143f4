import type { ReadVlan } from "../network/vlan.ts";
import type { Attachment } from "../../guest/attachment.ts";
import { type Address, parseAddress } from "../../values/address.ts";
import type { Mac } from "../../values/mac.ts";
import type { IfName } from "../../values/names.ts";
import type { Result } from "../../values/result.ts";
import { text, textOf, type XmlElement } from "../../xml/tree.ts";
import { ownChildren, ownElement } from "./guest-element.ts";

/** The part of the `<interface>` with the same MAC address that the metadata of a NIC needs. */
export interface Interface {
  readonly type: string;
  /** Whether libvirt makes its tap. */
  readonly managed: boolean;
  readonly bridge: IfName | null;
  readonly vlan: ReadVlan;
}

/** Reads an element of a NIC for the hook. */
export interface ReadNicElement {
  readonly read: (element: XmlElement, on: Interface) => Result<Attachment, string>;
  /** The operation of the hook's at which the host's side of such a NIC is made. The hook's filter is built from it. */
  readonly madeAt: "prepare" | "start";
}

/** Writes a kind of attachment into a domain. */
export interface WrittenKind<A> {
  /**
   * Returns what the hook will read of it. Only what differs from the default is written, so that the XML shows what the profile sets.
   *
   * @param native whether its VLANs are in the `<vlan>` of its `<interface>`
   */
  readonly metadata: (mac: Mac, attachment: A, native: boolean) => XmlElement;
  /** The `type` of its `<interface>`. */
  readonly type: string;
  /** Returns its `<source>` and the other elements of its attachment. */
  readonly source: (attachment: A) => readonly XmlElement[];
  /** Whether libvirt makes its tap. */
  readonly managed: boolean;
  /** What `guestnet set` may change of it. */
  readonly settings: readonly SettingKey[];
}

/** The keys of `guestnet set`. */
export type SettingKey =
  "vlan" | "trunk" | "native" | "isolated" | "antispoof" | "macs" | "addresses" | "prefixes" | "gateway";

/** The texts of the children of that name. */
export const textsIn = (element: XmlElement, name: string): readonly string[] =>
  ownChildren(element, name).map((inner) => textOf(inner).trim());

/** The addresses among an element's children of that name, and what is wrong with the others. */
export const readAddresses = (
  element: XmlElement,
  name: string,
): { readonly addresses: readonly Address[]; readonly bad: readonly string[] } => {
  const read = textsIn(element, name).map((text) => ({ text, address: parseAddress(text) }));
  return {
    addresses: read.flatMap(({ address }) => address ?? []),
    bad: read.flatMap(({ text, address }) =>
      address === null ? `<${name}>${text}</${name}> is not an address` : [],
    ),
  };
};

/** An element of that name for each of the texts. */
export const listOf = (name: string, values: readonly string[]): readonly XmlElement[] =>
  values.map((value) => ownElement(name, {}, [text(value)]));
