import { NAMESPACE } from "../libvirt/domain/wish.ts";
import type { XmlElement } from "../xml/read-xml.ts";
import { familyOf, parseAddress } from "../values/address.ts";
import { readPrefix } from "../values/address-range.ts";
import { good, refused, type Result } from "../values/result.ts";
import { GATEWAYS } from "../profile/normalize/attachment.ts";

const ELEMENTS = { addresses: "address", prefixes: "prefix", gateway: "gateway" } as const;

const element = (name: string, text: string): XmlElement => ({
  ...{ namespace: NAMESPACE, name, attributes: {}, children: [], text },
});

/** A gateway for each family that the NIC has addresses of: what it had, or the usual one; and none of another family. */
const withGateways = (wish: XmlElement): XmlElement => {
  const addressesIn = (name: string) =>
    wish.children.flatMap((one) => (one.name === name ? (parseAddress(one.text.trim()) ?? []) : []));
  const gateways = [...new Set(addressesIn("address").map(familyOf))].flatMap((family) => {
    const own = addressesIn("gateway").filter((gateway) => familyOf(gateway) === family);
    return own.length > 0 ? own : GATEWAYS.filter((gateway) => familyOf(gateway) === family);
  });
  const others = wish.children.filter(({ name }) => name !== "gateway");
  return { ...wish, children: [...others, ...gateways.map((gateway) => element("gateway", gateway))] };
};

/** A routed NIC's metadata with other addresses, prefixes or gateways: words with commas between. */
export const setList = (
  wish: XmlElement,
  key: keyof typeof ELEMENTS,
  value: string,
): Result<XmlElement, string> => {
  const name = ELEMENTS[key];
  const words = value.split(",").filter((word) => word !== "");
  const read = (word: string): string | null => {
    if (key !== "prefixes") return parseAddress(word);
    const prefix = readPrefix(word);
    return prefix.kind === "prefix" ? prefix.prefix : null;
  };
  const bad = words.filter((word) => read(word) === null);
  if (bad.length > 0)
    return refused(
      `${key} must be ${name === "prefix" ? "networks" : "addresses"} with commas between, found "${bad.join(",")}"`,
    );
  if (key === "addresses" && words.length === 0) return refused("a routed NIC needs at least one address");
  const fresh = words.map((word) => element(name, read(word) ?? word));
  const changed = { ...wish, children: [...wish.children.filter((one) => one.name !== name), ...fresh] };
  return good(key === "addresses" ? withGateways(changed) : changed);
};
