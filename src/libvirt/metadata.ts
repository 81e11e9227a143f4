import { parseAddress, readPrefix } from "../model/address.ts";
import type { Attachment, PortPolicy } from "../model/attachment.ts";
import { nonEmpty } from "../model/brand.ts";
import type { IfName } from "../model/names.ts";
import { parseVidSet, toVid, vidSet } from "../model/vid.ts";
import { attribute, type XmlElement } from "./read-xml.ts";

/**
 * Namespace of our one element below `<metadata>`. libvirt drops children without a namespace there and keeps one
 * element for each (`virXMLNodeSanitizeNamespaces`), so all NICs of a guest are inside one `<guest>`.
 */
export const NAMESPACE = "urn:guestnet:1";

/** What the metadata says of one NIC, before it has met the `<interface>` with the same MAC address. */
export type Wish =
  | { readonly kind: "attachment"; readonly toAttachment: (bridge: IfName | null) => Attachment | null }
  | { readonly kind: "wrong"; readonly why: string };

const wrong = (why: string): Wish => ({ kind: "wrong", why });

const policyOf = (element: XmlElement): PortPolicy => ({
  isolated: attribute(element, "isolated") === "yes",
  antispoof: attribute(element, "antispoof") !== "no",
});

const readAccess = (element: XmlElement): Wish => {
  const text = attribute(element, "vlan") ?? "";
  const vlan = toVid(Number(text));
  if (vlan === null) return wrong(`vlan="${text}" is no VLAN ID; use 1–4094`);
  const policy = policyOf(element);
  return {
    kind: "attachment",
    toAttachment: (bridge) => (bridge === null ? null : { kind: "access", bridge, vlan, policy }),
  };
};

const readTrunk = (element: XmlElement): Wish => {
  const text = attribute(element, "vlans") ?? "";
  const tagged = parseVidSet(text);
  if (tagged === null) return wrong(`vlans="${text}" is no list of VLAN IDs such as "30,100-199"`);
  const nativeText = attribute(element, "native");
  const native = nativeText === null ? null : toVid(Number(nativeText));
  if (nativeText !== null && native === null)
    return wrong(`native="${nativeText}" is no VLAN ID; use 1–4094`);
  const policy = policyOf(element);
  const others = vidSet(tagged.filter((vid) => vid !== native));
  return {
    kind: "attachment",
    toAttachment: (bridge) =>
      bridge === null ? null : { kind: "trunk", bridge, tagged: others, native, policy },
  };
};

const readRouted = (element: XmlElement): Wish => {
  const texts = (name: string): readonly string[] =>
    element.children
      .filter((inner) => inner.name === name && inner.namespace === NAMESPACE)
      .map((e) => e.text.trim());
  const bad: string[] = [];
  const addressesIn = (name: string) =>
    texts(name).flatMap((text) => {
      const address = parseAddress(text);
      if (address === null) bad.push(`<${name}>${text}</${name}> is no address`);
      return address ?? [];
    });
  const addresses = nonEmpty(addressesIn("address"));
  const gateways = addressesIn("gateway");
  const prefixes = texts("prefix").flatMap((text) => {
    const read = readPrefix(text);
    if (read.kind !== "prefix") bad.push(`<prefix>${text}</prefix> is no network`);
    return read.kind === "prefix" ? read.prefix : [];
  });
  if (addresses === null) bad.push("a routed NIC needs at least one <address>");
  if (bad.length > 0 || addresses === null) return wrong(bad.join("; "));
  const antispoof = attribute(element, "antispoof") !== "no";
  return {
    kind: "attachment",
    toAttachment: () => ({ kind: "routed", addresses, prefixes, gateways, antispoof }),
  };
};

/** What one element inside our `<guest>` says. An element that we do not know is wrong: a newer genxml wrote it. */
export const readWish = (element: XmlElement): Wish => {
  switch (element.name) {
    case "access":
      return readAccess(element);
    case "trunk":
      return readTrunk(element);
    case "routed":
      return readRouted(element);
    default:
      return wrong(
        `this version knows <access>, <trunk> and <routed>, not <${element.name}>: update the hook`,
      );
  }
};
