import type { LiveDomain, Nic } from "../guest/nic.ts";
import { parseDomain } from "../libvirt/domain/parse-domain.ts";
import { guestOf, macOf, NAMESPACE, ownElement, PREFIX } from "../libvirt/metadata/guest-element.ts";
import { Failure } from "../values/failure.ts";
import { type Mac, parseMac } from "../values/mac.ts";
import { appended, replaced, withChild } from "../xml/edit.ts";
import { parseXml } from "../xml/parse.ts";
import { attribute, child, childrenOf, elementsIn, type XmlElement } from "../xml/tree.ts";

/** An `<interface>` of a domain, and the metadata that goes with it, if it is one of ours. */
export interface DomainNic {
  readonly mac: Mac;
  readonly tap: string | null;
  readonly element: XmlElement;
  readonly metadata: XmlElement | null;
}

/** Reads a domain that libvirt printed. */
export const readDomain = (xml: string): XmlElement => {
  const domain = parseXml(xml);
  if (domain?.name !== "domain") throw new Failure("what libvirt prints is no domain XML");
  return domain;
};

/** Our one element below `<metadata>`; an empty one where there is none yet. */
export const guestElement = (domain: XmlElement): XmlElement => guestOf(domain) ?? ownElement("guest");

/** An `<interface>`, and what the guest's metadata says of it; null for one without a MAC address, which libvirt does not have. */
export const toDomainNic = (element: XmlElement, said: readonly XmlElement[]): DomainNic | null => {
  const mac = parseMac(attribute(child(element, "mac"), "address") ?? "");
  if (mac === null) return null;
  const metadata = said.find((one) => macOf(one) === mac) ?? null;
  return { mac, tap: attribute(child(element, "target"), "dev"), element, metadata };
};

/** All NICs of a domain. */
export const nicsIn = (domain: XmlElement): readonly DomainNic[] => {
  const said = elementsIn(guestOf(domain));
  return childrenOf(child(domain, "devices"), "interface").flatMap(
    (element) => toDomainNic(element, said) ?? [],
  );
};

/** Our element with a NIC's part put in, in the place of an older one of the same NIC. */
export const withNic = (guest: XmlElement, metadata: XmlElement): XmlElement => {
  const mac = macOf(metadata);
  const old = elementsIn(guest).find((one) => macOf(one) === mac);
  return old === undefined ? appended(guest, metadata) : replaced(guest, old, metadata);
};

/** Our element without a NIC's part. */
export const withoutNic = (guest: XmlElement, mac: Mac): XmlElement => ({
  ...guest,
  children: elementsIn(guest).filter((one) => macOf(one) !== mac),
});

/** The domain as it will be: with other metadata of ours, and with one more NIC when one is given. */
export const edited = (
  domain: XmlElement,
  guest: XmlElement,
  added: XmlElement | null = null,
): XmlElement => {
  const told = withChild(domain, "metadata", [], (metadata) => {
    const old = guestOf(domain);
    return old === null ? appended(metadata, guest) : replaced(metadata, old, guest);
  });
  return added === null ? told : withChild(told, "devices", [], (devices) => appended(devices, added));
};

/** What the hook makes of a domain, and of one of its NICs. Fails with the hook's own words. */
export const readNic = (domain: XmlElement, mac: Mac): { readonly domain: LiveDomain; readonly nic: Nic } => {
  const parsed = parseDomain(domain);
  if (!parsed.ok) throw new Failure(parsed.problems.join("; "));
  const nic = parsed.value.nics.find((one) => one.mac === mac);
  if (nic === undefined) throw new Failure(`NIC ${mac} has no metadata of guestnet`);
  return { domain: parsed.value, nic };
};

/**
 * Our element as `virsh metadata --set` takes it: without its namespace. Each NIC declares its own: libvirt gives the outermost
 * element another declaration (virXMLInjectNamespace), and what is in it would lose the one that it has.
 */
export const toSetMetadata = (guest: XmlElement): XmlElement => {
  const own = (element: XmlElement, attributes: XmlElement["attributes"]): XmlElement => ({
    ...ownElement(element.name, attributes),
    children: element.children.map((node) =>
      node.kind === "element" ? own(node, withoutDeclarations(node.attributes)) : node,
    ),
  });
  return {
    ...ownElement("guest"),
    prefix: "",
    namespace: null,
    children: elementsIn(guest).map((nic) =>
      own(nic, { [`xmlns:${PREFIX}`]: NAMESPACE, ...withoutDeclarations(nic.attributes) }),
    ),
  };
};

const withoutDeclarations = (attributes: XmlElement["attributes"]): XmlElement["attributes"] =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !/^xmlns(:|$)/.test(name)));
