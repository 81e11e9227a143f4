import {
  type Attachment,
  type PortGuard,
  type PortPolicy,
  type RoutedAttachment,
  type Service,
  SERVICES,
  type Uplinks,
} from "../../guest/attachment.ts";
import type { PortVlans } from "../../guest/libvirt-attachment.ts";

import { type Address, parseAddress, parsePrefix } from "../../values/address.ts";
import { nonEmpty } from "../../values/brand.ts";
import { type IfName, parseIfName } from "../../values/names.ts";
import { good, refused, type Result } from "../../values/result.ts";
import { MAIN, parseTableId, type RouteTable } from "../../values/route-table.ts";
import { parseVidSet, toVid, vidSet } from "../../values/vid.ts";
import { attribute, textOf, type XmlElement } from "../../xml/tree.ts";
import type { ReadVlan } from "../network/vlan.ts";
import { ownChildren } from "./guest-element.ts";

/** What of the `<interface>` with the same MAC address the metadata of a NIC needs. */
export interface Interface {
  readonly type: string;
  readonly bridge: IfName | null;
  readonly vlan: ReadVlan;
}

const textsIn = (element: XmlElement, name: string): readonly string[] =>
  ownChildren(element, name).map((inner) => textOf(inner).trim());

/** The addresses among an element's children of that name, and what is wrong with the others. */
const addressesIn = (
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

const words = (element: XmlElement, name: string): readonly string[] =>
  (attribute(element, name) ?? "").split(" ").filter((text) => text !== "");

const isService = (text: string): text is Service => SERVICES.some((service) => service === text);

/** Without addresses there is nothing to hold the guest to, and no guard. */
const readGuard = (element: XmlElement): Result<PortGuard | null, string> => {
  const { addresses, bad } = addressesIn(element, "address");
  const services = words(element, "services");
  const unknown = services.filter((text) => !isService(text));
  const all = [...bad, ...unknown.map((text) => `services="${text}" must be among ${SERVICES.join(", ")}`)];
  if (all.length > 0) return refused(...all);
  return good(addresses.length === 0 ? null : { addresses, services: services.filter(isService) });
};

const readUplinks = (element: XmlElement): Result<Uplinks | null, string> => {
  const texts = words(element, "uplinks");
  const ports = texts.flatMap((text) => parseIfName(text) ?? []);
  if (ports.length < texts.length) return refused(`uplinks="${texts.join(" ")}" is not a list of devices`);
  const mode = attribute(element, "follow") === "yes" ? "follow-guests" : "static";
  return good(ports.length === 0 ? null : { ports, mode });
};

const readPolicy = (element: XmlElement): Result<PortPolicy, string> => {
  const antispoof = attribute(element, "antispoof") !== "no";
  const guard = antispoof ? readGuard(element) : good(null);
  const uplinks = readUplinks(element);
  if (!guard.ok) return guard;
  if (!uplinks.ok) return uplinks;
  const isolated = attribute(element, "isolated") === "yes";
  return good({ isolated, antispoof, guard: guard.value, uplinks: uplinks.value });
};

const notOnBridge = ({ type }: Interface): Result<Attachment, string> =>
  refused(`requires <interface type='bridge'>, found type='${type}'`);

const onBridge = (element: XmlElement, vlans: PortVlans, on: Interface): Result<Attachment, string> => {
  const { bridge } = on;
  if (bridge === null) return notOnBridge(on);
  const policy = readPolicy(element);
  return policy.ok ? good({ ...vlans, bridge, policy: policy.value }) : policy;
};

/** A port whose VLANs the metadata sets: then no `<vlan>` may set them, or the two could differ. */
const withOwnVlans = (element: XmlElement, vlans: PortVlans, on: Interface): Result<Attachment, string> =>
  on.bridge !== null && on.vlan.kind !== "none"
    ? refused("its <interface> also has a <vlan>: remove one of the two")
    : onBridge(element, vlans, on);

/** A port that libvirt (11.0 and later) puts into the VLANs of the interface's `<vlan>`: the hook ensures that it is in no other. */
const readPort = (element: XmlElement, on: Interface): Result<Attachment, string> => {
  const { bridge, vlan } = on;
  if (bridge === null) return notOnBridge(on);
  if (vlan.kind === "wrong") return refused(vlan.why);
  if (vlan.kind === "none") return refused("its <interface> has no <vlan>");
  return onBridge(element, vlan.vlans, on);
};

const readAccessVlans = (element: XmlElement): Result<PortVlans, string> => {
  const text = attribute(element, "vlan") ?? "";
  const vlan = toVid(Number(text));
  return vlan === null ? refused(`vlan="${text}" is not a VLAN ID from 1 to 4094`) : good({ kind: "access", vlan });
};

const readTrunkVlans = (element: XmlElement): Result<PortVlans, string> => {
  const text = attribute(element, "vlans") ?? "";
  const tagged = parseVidSet(text);
  if (tagged === null) return refused(`vlans="${text}" is not a list of VLAN IDs such as "30,100-199"`);
  const nativeText = attribute(element, "native");
  const native = nativeText === null ? null : toVid(Number(nativeText));
  if (nativeText !== null && native === null)
    return refused(`native="${nativeText}" is not a VLAN ID from 1 to 4094`);
  return good({ kind: "trunk", tagged: vidSet(tagged.filter((vid) => vid !== native)), native });
};

/** Returns the VLANs that an `<access>` or a `<trunk>` of ours says. */
export const readOwnVlans = (element: XmlElement): Result<PortVlans, string> =>
  element.name === "access" ? readAccessVlans(element) : readTrunkVlans(element);

const readOwnPort = (element: XmlElement, on: Interface): Result<Attachment, string> => {
  const vlans = readOwnVlans(element);
  return vlans.ok ? withOwnVlans(element, vlans.value, on) : vlans;
};

/** Reads `vrf` or `table`; null when what is said is neither. */
const readTable = (element: XmlElement): RouteTable | null => {
  const [vrf, table] = [attribute(element, "vrf"), attribute(element, "table")];
  if (vrf !== null) {
    const name = parseIfName(vrf);
    return name === null || table !== null ? null : { kind: "vrf", vrf: name };
  }
  if (table === null) return MAIN;
  const id = parseTableId(Number(table));
  return id === null ? null : { kind: "table", id };
};

/** All that is wrong is said at once. */
const readRouted = (element: XmlElement): Result<RoutedAttachment, string> => {
  const own = addressesIn(element, "address");
  const gateways = addressesIn(element, "gateway");
  const bad = [...own.bad, ...gateways.bad];
  const addresses = nonEmpty(own.addresses);
  const prefixes = textsIn(element, "prefix").flatMap((text) => {
    const prefix = parsePrefix(text);
    if (prefix === null) bad.push(`<prefix>${text}</prefix> is not a network`);
    return prefix ?? [];
  });
  if (addresses === null) bad.push("a routed NIC requires at least one <address>");
  const proxyOn = textsIn(element, "proxy").flatMap((text) => {
    const name = parseIfName(text);
    if (name === null) bad.push(`<proxy>${text}</proxy> is not an interface name`);
    return name ?? [];
  });
  const table = readTable(element);
  if (table === null) bad.push("requires at most one of vrf and table, and no table from 253 to 255");
  const metricText = attribute(element, "metric");
  const metric = metricText === null ? null : Number(metricText);
  if (metric !== null && !(Number.isInteger(metric) && metric > 0 && metric < 2 ** 32))
    bad.push(`metric="${metricText ?? ""}" is not a metric from 1 to 4294967295`);
  if (bad.length > 0 || addresses === null || table === null) return refused(bad.join("; "));
  return good({
    kind: "routed",
    addresses,
    prefixes,
    gateways: gateways.addresses,
    antispoof: attribute(element, "antispoof") !== "no",
    table,
    metric,
    anycast: attribute(element, "anycast") === "yes",
    reach: attribute(element, "reach") === "uplink-only" ? "uplink-only" : "any",
    proxyOn,
  });
};

interface NicElement {
  readonly read: (element: XmlElement, on: Interface) => Result<Attachment, string>;
  /** The operation of the hook's at which the host's side of such a NIC is made. The hook's filter is built from it. */
  readonly madeAt: "prepare" | "start";
}

/** What may stand inside the guestnet `<guest>`, by the element's name. */
export const NIC_ELEMENTS: Readonly<Record<string, NicElement>> = {
  access: { read: readOwnPort, madeAt: "start" },
  trunk: { read: readOwnPort, madeAt: "start" },
  port: { read: readPort, madeAt: "start" },
  routed: { read: readRouted, madeAt: "prepare" },
};

/** What the metadata says of one NIC, together with its `<interface>`. An unknown element is an error: a newer genxml wrote it. */
export const readAttachment = (element: XmlElement, on: Interface): Result<Attachment, string> => {
  const known = Object.hasOwn(NIC_ELEMENTS, element.name) ? NIC_ELEMENTS[element.name] : undefined;
  if (known !== undefined) return known.read(element, on);
  const names = Object.keys(NIC_ELEMENTS).map((name) => `<${name}>`);
  const all = `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
  return refused(`this hook supports ${all}, not <${element.name}>: update it with "guestnet install"`);
};

/**
 * A pattern of the shell's `case` for XML that has an element made at this operation. Which prefix the namespace has is for libvirt and
 * the administrator to say.
 */
export const shellPattern = (operation: NicElement["madeAt"]): string =>
  Object.entries(NIC_ELEMENTS)
    .filter(([, { madeAt }]) => madeAt === operation)
    .flatMap(([name]) => [`*:${name}\\ *`, `*'<${name} '*`])
    .join(" | ");
