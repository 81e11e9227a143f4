import { ownChildren, ownElement } from "../libvirt/metadata/guest-element.ts";
import { familyOf, parseAddress } from "../values/address.ts";
import { readPrefix } from "../values/address-range.ts";
import { good, refused, type Result } from "../values/result.ts";
import { GATEWAYS } from "../profile/normalize/attachment.ts";
import { elementsIn, text, textOf, type XmlElement } from "../xml/tree.ts";

const ELEMENTS = { addresses: "address", prefixes: "prefix", gateway: "gateway" } as const;

/** Returns the NIC with these texts in its elements of that name, in the place of those that it has. */
export const withTexts = (nic: XmlElement, name: string, texts: readonly string[]): XmlElement => ({
  ...nic,
  children: [
    ...elementsIn(nic).filter((one) => one.name !== name),
    ...texts.map((value) => ownElement(name, {}, [text(value)])),
  ],
});

/** A gateway for each family that the NIC has addresses of: what it had, or the usual one; and none of another family. */
const withGateways = (nic: XmlElement): XmlElement => {
  const addressesIn = (name: string) =>
    ownChildren(nic, name).flatMap((one) => parseAddress(textOf(one).trim()) ?? []);
  const gateways = [...new Set(addressesIn("address").map(familyOf))].flatMap((family) => {
    const own = addressesIn("gateway").filter((gateway) => familyOf(gateway) === family);
    return own.length > 0 ? own : GATEWAYS.filter((gateway) => familyOf(gateway) === family);
  });
  return withTexts(nic, "gateway", gateways);
};

/** A routed NIC's metadata with other addresses, prefixes or gateways: words with commas between. */
export const setList = (
  nic: XmlElement,
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
      `${key} must be a comma-separated list of ${name === "prefix" ? "networks" : "addresses"}, found "${bad.join(",")}"`,
    );
  if (key === "addresses" && words.length === 0) return refused("a routed NIC requires at least one address");
  const changed = withTexts(
    nic,
    name,
    words.map((word) => read(word) ?? word),
  );
  return good(key === "addresses" ? withGateways(changed) : changed);
};
