import { parseAddress, parsePrefix } from "../model/address.ts";
import type { Attachment, PortPolicy } from "../model/attachment.ts";
import { nonEmpty } from "../model/brand.ts";
import type { PortVlans } from "../model/libvirt-attachment.ts";
import type { IfName } from "../model/names.ts";
import { good, refused, type Result } from "../model/result.ts";
import { parseVidSet, toVid, vidSet } from "../model/vid.ts";
import { attribute, type XmlElement } from "./read-xml.ts";
import type { ReadVlan } from "./read-vlan.ts";

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

const wrong = (why: string): Wish => ({ kind: "wrong", why });

const policyOf = (element: XmlElement): PortPolicy => ({
  isolated: attribute(element, "isolated") === "yes",
  antispoof: attribute(element, "antispoof") !== "no",
});

/** A port whose VLANs are said here: then nobody else may say them, or the two could disagree. */
const onBridge =
  (vlans: PortVlans, policy: PortPolicy) =>
  ({ bridge, vlan }: Met): Result<Attachment, string> => {
    if (bridge === null) return refused("needs <interface type='bridge'>");
    return vlan.kind === "none"
      ? good({ ...vlans, bridge, policy })
      : refused("its <interface> has a <vlan> of its own as well: keep one of them");
  };

/** A port that libvirt (11.0 and later) puts into the VLANs of the interface's `<vlan>`: we see to it that it is in no other. */
const readPort = (element: XmlElement): Wish => {
  const policy = policyOf(element);
  return {
    kind: "attachment",
    toAttachment: ({ bridge, vlan }) => {
      if (bridge === null) return refused("needs <interface type='bridge'>");
      if (vlan.kind === "wrong") return refused(vlan.why);
      return vlan.kind === "none"
        ? refused("its <interface> has no <vlan>")
        : good({ ...vlan.vlans, bridge, policy });
    },
  };
};

const readAccess = (element: XmlElement): Wish => {
  const text = attribute(element, "vlan") ?? "";
  const vlan = toVid(Number(text));
  if (vlan === null) return wrong(`vlan="${text}" is no VLAN ID; use 1–4094`);
  return { kind: "attachment", toAttachment: onBridge({ kind: "access", vlan }, policyOf(element)) };
};

const readTrunk = (element: XmlElement): Wish => {
  const text = attribute(element, "vlans") ?? "";
  const tagged = parseVidSet(text);
  if (tagged === null) return wrong(`vlans="${text}" is no list of VLAN IDs such as "30,100-199"`);
  const nativeText = attribute(element, "native");
  const native = nativeText === null ? null : toVid(Number(nativeText));
  if (nativeText !== null && native === null)
    return wrong(`native="${nativeText}" is no VLAN ID; use 1–4094`);
  const others = vidSet(tagged.filter((vid) => vid !== native));
  const vlans = { kind: "trunk", tagged: others, native } as const;
  return { kind: "attachment", toAttachment: onBridge(vlans, policyOf(element)) };
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
    const prefix = parsePrefix(text);
    if (prefix === null) bad.push(`<prefix>${text}</prefix> is no network`);
    return prefix ?? [];
  });
  if (addresses === null) bad.push("a routed NIC needs at least one <address>");
  if (bad.length > 0 || addresses === null) return wrong(bad.join("; "));
  const antispoof = attribute(element, "antispoof") !== "no";
  return {
    kind: "attachment",
    toAttachment: () => good({ kind: "routed", addresses, prefixes, gateways, antispoof }),
  };
};

/** What one element inside our `<guest>` says. An element that we do not know is wrong: a newer genxml wrote it. */
export const readWish = (element: XmlElement): Wish => {
  switch (element.name) {
    case "access":
      return readAccess(element);
    case "trunk":
      return readTrunk(element);
    case "port":
      return readPort(element);
    case "routed":
      return readRouted(element);
    default:
      return wrong(
        `this version knows <access>, <trunk>, <port> and <routed>, not <${element.name}>: update the hook`,
      );
  }
};
