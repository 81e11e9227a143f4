import { parsePrefix } from "../../values/address.ts";
import type { RoutedAttachment } from "../../guest/attachment.ts";
import { nonEmpty } from "../../values/brand.ts";
import { parseIfName } from "../../values/names.ts";
import { good } from "../../values/result.ts";
import { MAIN, parseTableId, type RouteTable } from "../../values/route-table.ts";
import { attribute, type XmlElement } from "../../xml/read-xml.ts";
import { addressesIn, textsIn, type Wish, wrong } from "../domain/wish.ts";

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

/** What our `<routed>` says, or all that is wrong with it. */
export const readRouted = (element: XmlElement): Wish => {
  const own = addressesIn(element, "address");
  const gateways = addressesIn(element, "gateway");
  const bad = [...own.bad, ...gateways.bad];
  const addresses = nonEmpty(own.addresses);
  const prefixes = textsIn(element, "prefix").flatMap((text) => {
    const prefix = parsePrefix(text);
    if (prefix === null) bad.push(`<prefix>${text}</prefix> is no network`);
    return prefix ?? [];
  });
  if (addresses === null) bad.push("a routed NIC needs at least one <address>");
  const proxyOn = textsIn(element, "proxy").flatMap((text) => {
    const name = parseIfName(text);
    if (name === null) bad.push(`<proxy>${text}</proxy> is no interface`);
    return name ?? [];
  });
  const table = readTable(element);
  if (table === null) bad.push("it needs one vrf, or one table that is not 253 to 255, or neither");
  const metricText = attribute(element, "metric");
  const metric = metricText === null ? null : Number(metricText);
  if (metric !== null && !(Number.isInteger(metric) && metric > 0 && metric < 2 ** 32))
    bad.push(`metric="${metricText ?? ""}" is no metric; use 1–4294967295`);
  if (bad.length > 0 || addresses === null || table === null) return wrong(bad.join("; "));
  const attachment: RoutedAttachment = {
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
  };
  return { kind: "attachment", toAttachment: () => good(attachment) };
};
