import { parseAddress, toHostPrefix } from "../../values/address.ts";
import { readPrefix } from "../../values/address-range.ts";
import { type Issue, renderPath } from "../../values/issue.ts";
import { isVirtualRouter } from "../../values/mac.ts";
import { isPassed, moreMacsOf, type Profile } from "../../guest/profile.ts";
import { asList, asObject, type JsonObject } from "../../values/json.ts";
import {
  cdromsOf,
  disksOf,
  hostDevicesOf,
  interfacesOf,
  type Placed,
  placedTexts,
} from "../../text/unchecked.ts";
import type { Document } from "../../text/document.ts";
import { readInterfaceAddress } from "../schema/network.ts";
import { ownMacs, virtualMacs } from "./mac-addresses.ts";
import { taggedNetworksOf } from "./vlan-addresses.ts";

/** Two of something that a guest, or its host, can have only once. */
const twice = (given: readonly Placed<string>[], what: string, { issue }: Document): readonly Issue[] => {
  if (given.length < 2) return [];
  const first = new Map<string, Issue["path"]>();
  return given.flatMap(({ value, path }): readonly Issue[] => {
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, path);
      return [];
    }
    return [
      issue("duplicate", path, `${what} ${value} is already used at ${renderPath(before)}: use another`),
    ];
  });
};

/** An address as its host route, so that it meets the same network among the prefixes. */
const toNetwork = (text: string, nic: JsonObject): string | null => {
  if (nic["type"] !== "routed") {
    const onLink = readInterfaceAddress(text);
    return onLink === null ? null : toHostPrefix(onLink.address);
  }
  const address = parseAddress(text.replace(/\/(32|128)$/, ""));
  if (address !== null) return toHostPrefix(address);
  const read = readPrefix(text);
  return read.kind === "prefix" ? read.prefix : null;
};

/** The addresses that guests share, as networks: none of them is the guest's own. */
const sharedOf = (placed: Placed<JsonObject>): readonly Placed<string>[] =>
  [placed, ...taggedNetworksOf(placed)].flatMap(({ value, path }) =>
    asList(value["sharedAddresses"]).flatMap((item, index): readonly Placed<string>[] => {
      const text = asObject(item)?.["address"];
      const address = typeof text === "string" ? parseAddress(text) : null;
      if (address === null) return [];
      return [{ value: toHostPrefix(address), path: [...path, "sharedAddresses", index, "address"] }];
    }),
  );

/** A text of an interface, or of a network on it. */
interface NetworkText extends Placed<string> {
  readonly nic: JsonObject;
}

/** Networks that occur twice. Most interfaces have one address of each family, and none of these is that of another family. */
const twiceOfNetworks = (nics: readonly Placed<JsonObject>[], document: Document): readonly Issue[] => {
  const [ipv4, ipv6]: [NetworkText[], NetworkText[]] = [[], []];
  for (const placed of nics)
    for (const network of [placed, ...taggedNetworksOf(placed)])
      for (const key of ["addresses", "prefixes"])
        for (const { value, path } of placedTexts(network.value, key, network.path))
          (value.includes(":") ? ipv6 : ipv4).push({ value, path, nic: placed.value });
  const shared = nics.flatMap(sharedOf);
  if (ipv4.length < 2 && ipv6.length < 2 && shared.length === 0) return [];
  const own = [...ipv4, ...ipv6].flatMap(({ value, path, nic }) => {
    const network = toNetwork(value, nic);
    return network === null ? [] : [{ value: network, path }];
  });
  return twice([...own, ...shared], "the network", document);
};

/** Returns duplicate values. */
export const checkDuplicates = (document: Document): readonly Issue[] => {
  const nics = interfacesOf(document);
  const drives = [...disksOf(document), ...cdromsOf(document)];
  const targets = drives.flatMap(({ value: disk, path }) => placedTexts(disk, "target", path));
  const orders = [...drives, ...nics].flatMap(({ value, path }) =>
    typeof value["bootOrder"] === "number"
      ? [{ value: String(value["bootOrder"]), path: [...path, "bootOrder"] }]
      : [],
  );
  const functions = nics.flatMap(({ value: nic, path }): readonly Placed<JsonObject>[] => {
    const failover = asObject(nic["failover"]);
    return [
      ...(nic["type"] === "hostdev" ? [{ value: nic, path }] : []),
      ...(failover === null ? [] : [{ value: failover, path: [...path, "failover"] }]),
    ];
  });
  const devices = [...hostDevicesOf(document), ...functions].flatMap(({ value, path }) =>
    placedTexts(value, "source", path).map(({ value: source, path: where }) => ({
      value: source.toLowerCase().replace(/^(?=[0-9a-f]{2}:[01])/, "0000:"),
      path: where,
    })),
  );
  return [
    ...twice(devices, "the host device", document),
    ...twice(
      nics.flatMap(({ value, path }) => ownMacs(value, path)),
      "the MAC address",
      document,
    ),
    ...nics.flatMap(({ value, path }) => twice(virtualMacs(value, path), "the MAC address", document)),
    ...twice(
      nics.flatMap(({ value, path }) => placedTexts(value, "tap", path)),
      "the tap name",
      document,
    ),
    ...twiceOfNetworks(nics, document),
    ...twice(orders, "the boot order position", document),
    ...twice(targets, "the disk target", document),
  ];
};

/** Returns values that one NIC sets and another one derives. The error is at the set value, which the author can change. */
export const checkDerived = (profile: Profile, document: Document): readonly Issue[] => {
  const [only, ...others] = profile.interfaces;
  // Most guests have one NIC with one MAC address.
  if (only === undefined || (others.length === 0 && moreMacsOf(only).length === 0)) return [];
  const written = interfacesOf(document).map(({ value }) => asObject(value) ?? {});
  return (["tap", "mac"] as const).flatMap((key) => {
    const all = profile.interfaces.flatMap((nic, index): readonly Placed<string>[] => {
      const path = ["interfaces", index, ...(written[index]?.[key] === undefined ? [] : [key])];
      if (key === "mac")
        return [
          { value: nic.mac, path },
          ...moreMacsOf(nic).flatMap((mac, at) =>
            isVirtualRouter(mac) ? [] : [{ value: mac, path: ["interfaces", index, "macs", at] }],
          ),
        ];
      return isPassed(nic) ? [] : [{ value: nic.tap, path }];
    });
    const what = key === "tap" ? "the tap name" : "the MAC address";
    // Derived ones first, so that a written one comes second and is the one to be changed.
    return twice(
      [...all].sort((a, b) => a.path.length - b.path.length),
      what,
      document,
    );
  });
};
