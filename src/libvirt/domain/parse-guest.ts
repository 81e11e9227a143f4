import type { LiveGuest, Nic } from "../../guest/nic.ts";
import { type Mac, parseMac } from "../../values/mac.ts";
import { type IfName, parseIfName, parseUuid } from "../../values/names.ts";
import { good, refused, type Result } from "../../values/result.ts";
import type { IsWanted } from "../../xml/scan.ts";
import { attribute, child, childrenOf, textOf, type XmlElement } from "../../xml/tree.ts";
import { guestOf, macOf, ownChildren } from "../metadata/guest-element.ts";
import type { Interface } from "../metadata/nic-element.ts";
import { readAttachment } from "../metadata/nic-elements.ts";
import { readVlan } from "../network/vlan.ts";

/** An `<interface>` as far as the hook needs it. */
interface LiveInterface extends Interface {
  readonly mac: Mac | null;
  readonly tap: IfName | null;
  readonly queues: number;
  readonly mtu: number | null;
}

/** The half of a failover pair that libvirt unplugs for a migration: the pair is one NIC, and its other half has the port. */
const isTransient = (element: XmlElement): boolean =>
  attribute(child(element, "teaming"), "type") === "transient";

const toNumber = (text: string | null): number | null =>
  text === null || !/^\d+$/.test(text) ? null : Number(text);

const readInterface = (element: XmlElement): LiveInterface => {
  const target = child(element, "target");
  return {
    type: attribute(element, "type") ?? "",
    mac: parseMac(attribute(child(element, "mac"), "address") ?? ""),
    bridge: parseIfName(attribute(child(element, "source"), "bridge") ?? ""),
    tap: parseIfName(attribute(target, "dev") ?? ""),
    managed: attribute(target, "managed") !== "no",
    queues: toNumber(attribute(child(element, "driver"), "queues")) ?? 1,
    mtu: toNumber(attribute(child(element, "mtu"), "size")),
    vlan: readVlan(child(element, "vlan")),
  };
};

/** Joins the metadata of a NIC with the interface that has the MAC address. */
const join = (said: XmlElement, interfaces: readonly LiveInterface[]): Result<Nic, string> => {
  const mac = macOf(said);
  const because = (why: string): Result<Nic, string> =>
    refused(
      `NIC ${mac ?? `with mac="${attribute(said, "mac") ?? ""}"`}: <${said.name}> in the domain's metadata: ${why}`,
    );
  if (mac === null) return because("its mac is not a MAC address");
  const same = interfaces.filter((candidate) => candidate.mac === mac);
  const [nic] = same;
  if (nic === undefined) return because("the domain has no <interface> with this MAC address");
  if (same.length > 1)
    return because(`${String(same.length)} interfaces of the domain have this MAC address`);
  const read = readAttachment(said, nic);
  if (!read.ok) return because(read.problems.join("; "));
  if (nic.tap === null) return because("its <interface> has no <target dev='…'/>");
  return good({ mac, tap: nic.tap, queues: nic.queues, mtu: nic.mtu, attachment: read.value });
};

/** Returns the `<interface>` elements of a domain, one for each NIC. */
export const interfacesOf = (domain: XmlElement | null): readonly XmlElement[] =>
  childrenOf(child(domain, "devices"), "interface").filter((one) => !isTransient(one));

/** What a guest is read from: more than half of a domain is something else. */
export const isOfGuest: IsWanted = (parent, name) => {
  if (parent === "domain") return ["name", "uuid", "metadata", "devices"].includes(name);
  return parent !== "devices" || name === "interface";
};

/**
 * Reads what the hook has to know of the domain XML that libvirt hands to it. Only NICs that guestnet metadata names are its `nics`; a
 * domain without that metadata has none.
 *
 * @param domain the root of the document; null where the text was no XML
 * @returns the guest, or every NIC that cannot be read and why
 */
export const parseGuest = (domain: XmlElement | null): Result<LiveGuest, string> => {
  if (domain?.name !== "domain") return refused("standard input is not libvirt domain XML");
  const uuid = parseUuid(textOf(child(domain, "uuid")).trim());
  if (uuid === null) return refused("the domain XML has no <uuid>");
  const interfaces = interfacesOf(domain).map(readInterface);
  const joined = ownChildren(guestOf(domain)).map((said) => join(said, interfaces));
  const problems = joined.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return refused(...problems);
  const nics = joined.flatMap((result) => (result.ok ? [result.value] : []));
  return good({ name: textOf(child(domain, "name")), uuid, nics });
};
