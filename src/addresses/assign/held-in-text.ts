import { parseAddress } from "../../values/address.ts";
import { readPrefix } from "../../values/address-range.ts";
import type { Document } from "../../text/document.ts";
import { asList, asObject, type JsonObject } from "../../values/json.ts";
import { interfacesOf } from "../../text/unchecked.ts";
import { type Numbers, numbersOf } from "../numbers.ts";

const textsAt = (record: JsonObject, key: string): readonly string[] => {
  const value = record[key];
  return (typeof value === "string" ? [value] : asList(value)).filter((one) => typeof one === "string");
};

/** Reads an address, one with a prefix length, or a network. */
const toNumbers = (text: string): readonly Numbers[] => {
  const network = readPrefix(text);
  if (network.kind === "prefix") return [numbersOf(network.prefix)];
  const address = parseAddress(text.split("/", 1)[0] ?? "");
  return address === null ? [] : [numbersOf(address)];
};

const inNetwork = (network: JsonObject): readonly string[] => [
  ...["addresses", "prefixes", "gateway"].flatMap((key) => textsAt(network, key)),
  ...asList(network["sharedAddresses"]).flatMap((shared) => textsAt(asObject(shared) ?? {}, "address")),
];

/**
 * Returns every address and network that a profile names, whatever else is wrong with it: what a file with an error has is not given
 * to another guest.
 */
export const heldInText = (document: Document): readonly Numbers[] =>
  interfacesOf(document)
    .flatMap(({ value: nic }) => [
      ...inNetwork(nic),
      ...Object.values(asObject(nic["vlanAddresses"]) ?? {}).flatMap((network) =>
        inNetwork(asObject(network) ?? {}),
      ),
    ])
    .flatMap(toNumbers);
