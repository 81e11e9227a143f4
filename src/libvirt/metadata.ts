import { parsePrefix } from "../model/address.ts";
import { nonEmpty } from "../model/brand.ts";
import { good } from "../model/result.ts";
import { readAccess, readPort, readTrunk } from "./read-port.ts";
import { attribute, type XmlElement } from "./read-xml.ts";
import { addressesIn, textsIn, type Wish, wrong } from "./wish.ts";

const readRouted = (element: XmlElement): Wish => {
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
  if (bad.length > 0 || addresses === null) return wrong(bad.join("; "));
  const antispoof = attribute(element, "antispoof") !== "no";
  return {
    kind: "attachment",
    toAttachment: () =>
      good({ kind: "routed", addresses, prefixes, gateways: gateways.addresses, antispoof }),
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
