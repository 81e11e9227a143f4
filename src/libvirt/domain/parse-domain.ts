import type { Nic, LiveDomain } from "../../guest/nic.ts";
import { type Mac, parseMac } from "../../values/mac.ts";
import { type IfName, parseIfName, parseUuid } from "../../values/names.ts";
import { good, refused, type Result } from "../../values/result.ts";
import { readWish } from "../metadata/metadata.ts";
import { NAMESPACE } from "./wish.ts";
import { attribute, child, childrenOf, readXml, type XmlElement } from "../../xml/read-xml.ts";
import { readUnmanaged } from "./read-unmanaged.ts";
import { readVlan, type ReadVlan } from "../metadata/read-vlan.ts";

/** An `<interface>` as far as the hook needs it. */
interface Interface {
  readonly type: string;
  readonly mac: Mac | null;
  readonly bridge: IfName | null;
  readonly tap: IfName | null;
  readonly managed: boolean;
  readonly queues: number;
  readonly mtu: number | null;
  readonly vlan: ReadVlan;
}

const toNumber = (text: string | null): number | null =>
  text === null || !/^\d+$/.test(text) ? null : Number(text);

const readInterface = (element: XmlElement): Interface => {
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

/** Joins what the metadata wishes with the interface that has the MAC address. */
const join = (wish: XmlElement, interfaces: readonly Interface[]): Result<Nic, string> => {
  const text = attribute(wish, "mac") ?? "";
  const mac = parseMac(text);
  const because = (why: string): Result<Nic, string> =>
    refused(`NIC ${mac ?? `with mac="${text}"`}: <${wish.name}> in the domain's metadata: ${why}`);
  if (mac === null) return because("its mac is no MAC address");
  const same = interfaces.filter((candidate) => candidate.mac === mac);
  const [nic] = same;
  if (nic === undefined) return because("the domain has no <interface> with this MAC address");
  if (same.length > 1)
    return because(`${String(same.length)} interfaces of the domain have this MAC address`);
  const read = readWish(wish);
  if (read.kind === "wrong") return because(read.why);
  const met = read.toAttachment(nic);
  if (!met.ok) return because(`${met.problems.join("; ")} (the domain has type='${nic.type}')`);
  const attachment = met.value;
  if (attachment.kind === "routed" && (nic.type !== "ethernet" || nic.managed)) {
    return because("needs <interface type='ethernet'> with <target dev='…' managed='no'/>");
  }
  if (nic.tap === null) return because("its <interface> has no <target dev='…'/>");
  const common = { mac, tap: nic.tap, queues: nic.queues, mtu: nic.mtu };
  // One `attachment` at a time: the union of NICs is told apart by it.
  return good(attachment.kind === "routed" ? { ...common, attachment } : { ...common, attachment });
};

/**
 * Reads the domain XML that libvirt hands to the hook, or `virsh dumpxml` prints. Only NICs that our metadata names
 * are its `nics`; a domain without our metadata has none.
 *
 * @returns the domain, or every NIC that cannot be read and why
 */
export const parseDomain = (xml: string): Result<LiveDomain, string> => {
  const domain = readXml(xml);
  if (domain?.name !== "domain") return refused("standard input is no libvirt domain XML");
  const name = child(domain, "name")?.text ?? "";
  const uuid = parseUuid(child(domain, "uuid")?.text.trim() ?? "");
  if (uuid === null) return refused("the domain XML has no <uuid>");
  const elements = childrenOf(child(domain, "devices"), "interface");
  const interfaces = elements.map(readInterface);
  const ours = child(domain, "metadata")?.children.find(
    (e) => e.namespace === NAMESPACE && e.name === "guest",
  );
  const wishes = ours?.children.filter((e) => e.namespace === NAMESPACE) ?? [];
  const joined = wishes.map((wish) => join(wish, interfaces));
  const problems = joined.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return refused(...problems);
  const nics = joined.flatMap((result) => (result.ok ? [result.value] : []));
  const unmanaged = elements
    .flatMap((element) => readUnmanaged(element) ?? [])
    .filter(({ mac }) => !nics.some((nic) => nic.mac === mac));
  return good({ name, uuid, nics, unmanaged });
};
