import type { Anycast, RoutedAttachment } from "../../guest/kinds/routed.ts";
import { parsePrefix } from "../../values/address.ts";
import { nonEmpty } from "../../values/brand.ts";
import { parseIfName } from "../../values/names.ts";
import { good, refused, type Result } from "../../values/result.ts";
import { MAIN, parseTableId, type RouteTable } from "../../values/route-table.ts";
import { attribute, type XmlElement } from "../../xml/tree.ts";
import { ownElement } from "./guest-element.ts";
import {
  readAddresses,
  type Interface,
  listOf,
  type ReadNicElement,
  textsIn,
  type WrittenKind,
} from "./nic-element.ts";

/** Reads `vrf` or `table`; null for an invalid value. */
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

const readAnycast = (element: XmlElement): Anycast | null => {
  if (attribute(element, "anycast") !== "yes") return null;
  return attribute(element, "while") === "answers" ? "answers" : "runs";
};

/** Reads a routed NIC, and reports all errors at once. */
const readRouted = (element: XmlElement, on: Interface): Result<RoutedAttachment, string> => {
  const own = readAddresses(element, "address");
  const gateways = readAddresses(element, "gateway");
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
  if (on.type !== "ethernet" || on.managed)
    return refused("requires <interface type='ethernet'> with <target dev='…' managed='no'/>");
  return good({
    kind: "routed",
    addresses,
    prefixes,
    gateways: gateways.addresses,
    antispoof: attribute(element, "antispoof") !== "no",
    table,
    metric,
    anycast: readAnycast(element),
    reach: attribute(element, "reach") === "uplink-only" ? "uplink-only" : "any",
    proxyOn,
  });
};

export const readRoutedNic: ReadNicElement = { read: readRouted, madeAt: "prepare" };

export const writtenRouted: WrittenKind<RoutedAttachment> = {
  metadata: (mac, { table, metric, anycast, reach, antispoof, ...lists }) =>
    ownElement(
      "routed",
      {
        mac,
        ...(table.kind === "vrf" ? { vrf: table.vrf } : {}),
        ...(table.kind === "table" ? { table: String(table.id) } : {}),
        ...(metric === null ? {} : { metric: String(metric) }),
        ...(anycast === null ? {} : { anycast: "yes" }),
        ...(anycast === "answers" ? { while: "answers" } : {}),
        ...(reach === "any" ? {} : { reach }),
        ...(antispoof ? {} : { antispoof: "no" }),
      },
      [
        ...listOf("address", lists.addresses),
        ...listOf("prefix", lists.prefixes),
        ...listOf("gateway", lists.gateways),
        ...listOf("proxy", lists.proxyOn),
      ],
    ),
  type: "ethernet",
  source: () => [],
  // The hook makes the tap, so without the hook the guest does not start at all.
  managed: false,
  settings: ["addresses", "prefixes", "gateway", "antispoof"],
};
