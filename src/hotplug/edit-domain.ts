import type { LiveDomain, Nic } from "../guest/nic.ts";
import { parseDomain } from "../libvirt/domain/parse-domain.ts";
import { guestOf, macOf, NAMESPACE, ownElement, PREFIX } from "../libvirt/metadata/guest-element.ts";
import { Failure } from "../values/failure.ts";
import { type Mac, parseMac } from "../values/mac.ts";
import { appended, replaced, withChild, without } from "../xml/edit.ts";
import { parseXml } from "../xml/parse.ts";
import {
  attribute,
  type Attributes,
  child,
  childrenOf,
  element,
  elementsIn,
  type XmlElement,
} from "../xml/tree.ts";

/** An `<interface>` of a domain, and the metadata that goes with it, if guestnet manages it. */
export interface DomainNic {
  readonly mac: Mac;
  readonly tap: string | null;
  readonly element: XmlElement;
  readonly metadata: XmlElement | null;
}

/** Reads a domain that libvirt printed. */
export const readLibvirtDomain = (xml: string): XmlElement => {
  const domain = parseXml(xml);
  if (domain?.name !== "domain")
    throw new Failure("cannot read what libvirt prints: it is not domain XML", "virsh dumpxml GUEST");
  return domain;
};

/** The guestnet element below `<metadata>`; an empty one if there is none yet. */
export const guestElement = (domain: XmlElement): XmlElement => guestOf(domain) ?? ownElement("guest");

/** Returns an `<interface>` with the guest's metadata of it; null for one without a MAC address, which libvirt never has. */
const toDomainNic = (nic: XmlElement, said: readonly XmlElement[]): DomainNic | null => {
  const mac = parseMac(attribute(child(nic, "mac"), "address") ?? "");
  if (mac === null) return null;
  const metadata = said.find((one) => macOf(one) === mac) ?? null;
  return { mac, tap: attribute(child(nic, "target"), "dev"), element: nic, metadata };
};

/** All NICs of a domain. */
export const nicsIn = (domain: XmlElement): readonly DomainNic[] => {
  const said = elementsIn(guestOf(domain));
  return childrenOf(child(domain, "devices"), "interface").flatMap((nic) => toDomainNic(nic, said) ?? []);
};

/** The guestnet element with a NIC's part added, in place of an older one of the same NIC. */
export const withNic = (guest: XmlElement, metadata: XmlElement): XmlElement => {
  const mac = macOf(metadata);
  const old = elementsIn(guest).find((one) => macOf(one) === mac);
  return old === undefined ? appended(guest, metadata) : replaced(guest, old, metadata);
};

/** The guestnet element without a NIC's part. */
export const withoutNic = (guest: XmlElement, mac: Mac): XmlElement =>
  without(guest, ...elementsIn(guest).filter((one) => macOf(one) === mac));

/** The domain with other guestnet metadata, and with one more NIC if one is given. */
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

/** The domain with another `<interface>` in the place of one. */
export const withInterface = (domain: XmlElement, old: XmlElement, fresh: XmlElement): XmlElement =>
  withChild(domain, "devices", [], (devices) => replaced(devices, old, fresh));

/** Reads a domain and one of its NICs as the hook does, with the hook's error messages. */
export const readManagedNic = (
  domain: XmlElement,
  mac: Mac,
): { readonly domain: LiveDomain; readonly nic: Nic } => {
  const parsed = parseDomain(domain);
  if (!parsed.ok)
    throw new Failure(`cannot read the metadata: ${parsed.problems.join("; ")}`, "guestnet status");
  const nic = parsed.value.nics.find((one) => one.mac === mac);
  if (nic === undefined)
    throw new Failure(`cannot find NIC ${mac} in the metadata of guestnet`, "guestnet status");
  return { domain: parsed.value, nic };
};

const withoutDeclarations = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !/^xmlns(:|$)/.test(name)));

/** A guestnet element with genxml's prefix, and without white space between elements. */
const normalized = (old: XmlElement, declaration: Attributes = {}): XmlElement => {
  const inner = elementsIn(old).map((one) => normalized(one));
  const attributes = { ...declaration, ...withoutDeclarations(old.attributes) };
  return ownElement(old.name, attributes, inner.length === 0 ? old.children : inner);
};

/**
 * The guestnet element as `virsh metadata --set` takes it: without its namespace. Each NIC declares its own: libvirt gives the outermost
 * element another declaration (virXMLInjectNamespace), and what is in it would lose the one that it has.
 */
export const toSetMetadata = (guest: XmlElement): XmlElement =>
  element(
    "guest",
    {},
    elementsIn(guest).map((nic) => normalized(nic, { [`xmlns:${PREFIX}`]: NAMESPACE })),
  );
