import { NAMESPACE } from "../libvirt/domain/wish.ts";
import { parseDomain } from "../libvirt/domain/parse-domain.ts";
import { attribute, child, childrenOf, readXml, type XmlElement } from "../xml/read-xml.ts";
import { Failure } from "../values/failure.ts";
import type { LiveDomain, Nic } from "../guest/nic.ts";
import { type Mac, parseMac } from "../values/mac.ts";
import { printXml } from "./print-xml.ts";

/** An `<interface>` of a domain, and the metadata that goes with it, if it is one of ours. */
export interface Wired {
  readonly mac: Mac;
  readonly tap: string | null;
  readonly element: XmlElement;
  readonly wish: XmlElement | null;
}

const EMPTY: XmlElement = { namespace: NAMESPACE, name: "guest", attributes: {}, children: [], text: "" };

const isOurs = (element: XmlElement): boolean => element.namespace === NAMESPACE && element.name === "guest";

/** Reads a domain that libvirt printed. */
export const readDomain = (xml: string): XmlElement => {
  const domain = readXml(xml);
  if (domain?.name !== "domain") throw new Failure("what libvirt prints is no domain XML");
  return domain;
};

/** Our one element below `<metadata>`; an empty one where there is none yet. */
export const guestElement = (domain: XmlElement): XmlElement =>
  child(domain, "metadata")?.children.find(isOurs) ?? EMPTY;

const macOf = (element: XmlElement): Mac | null => parseMac(attribute(element, "mac") ?? "");

/** All NICs of a domain. One without a MAC address libvirt does not have. */
export const wiredIn = (domain: XmlElement): readonly Wired[] =>
  childrenOf(child(domain, "devices"), "interface").flatMap((element) => {
    const mac = parseMac(attribute(child(element, "mac"), "address") ?? "");
    if (mac === null) return [];
    const wish = guestElement(domain).children.find((one) => macOf(one) === mac) ?? null;
    return [{ mac, tap: attribute(child(element, "target"), "dev"), element, wish }];
  });

/** Our element with a NIC's part put in, in the place of an older one of the same NIC. */
export const withWish = (guest: XmlElement, wish: XmlElement): XmlElement => {
  const mac = macOf(wish);
  const known = guest.children.some((one) => macOf(one) === mac);
  return {
    ...guest,
    children: known
      ? guest.children.map((one) => (macOf(one) === mac ? wish : one))
      : [...guest.children, wish],
  };
};

/** Our element without a NIC's part. */
export const withoutWish = (guest: XmlElement, mac: Mac): XmlElement => ({
  ...guest,
  children: guest.children.filter((one) => macOf(one) !== mac),
});

const replaceIn = (
  element: XmlElement,
  name: string,
  change: (inner: XmlElement) => XmlElement,
): XmlElement => ({
  ...element,
  children: element.children.some((inner) => inner.name === name && inner.namespace === null)
    ? element.children.map((inner) =>
        inner.name === name && inner.namespace === null ? change(inner) : inner,
      )
    : [...element.children, change({ namespace: null, name, attributes: {}, children: [], text: "" })],
});

/** The domain as it will be: with other metadata of ours, and with one more NIC when one is given. */
export const edited = (
  domain: XmlElement,
  guest: XmlElement,
  added: XmlElement | null = null,
): XmlElement => {
  const told = replaceIn(domain, "metadata", (metadata) => ({
    ...metadata,
    children: [...metadata.children.filter((one) => !isOurs(one)), guest],
  }));
  return added === null
    ? told
    : replaceIn(told, "devices", (devices) => ({ ...devices, children: [...devices.children, added] }));
};

/** What the hook makes of a domain, and of one of its NICs. Fails with the hook's own words. */
export const readNic = (domain: XmlElement, mac: Mac): { readonly domain: LiveDomain; readonly nic: Nic } => {
  const parsed = parseDomain(printXml(domain));
  if (!parsed.ok) throw new Failure(parsed.problems.join("; "));
  const nic = parsed.value.nics.find((one) => one.mac === mac);
  if (nic === undefined) throw new Failure(`NIC ${mac} has no metadata of guestnet`);
  return { domain: parsed.value, nic };
};
