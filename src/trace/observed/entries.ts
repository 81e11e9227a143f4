import { asList, asNumber, membersOf, asText } from "../../values/json.ts";
import { type Address, parseAddress } from "../../values/address.ts";
import { type Mac, parseMac } from "../../values/mac.ts";

/** An entry of a bridge's forwarding database. */
export interface FdbEntry {
  readonly mac: Mac;
  readonly dev: string;
  readonly vid: number | null;
  /** `static`, `permanent` for the port's own address, empty for a learned one. */
  readonly state: string;
}

/** Reads what `bridge -json fdb show br BRIDGE` prints: the entries of bridges, without those of devices themselves. */
export const parseFdb = (documents: readonly unknown[]): readonly FdbEntry[] =>
  documents.map(membersOf).flatMap((entry) => {
    const [mac, dev] = [parseMac(asText(entry["mac"]) ?? ""), asText(entry["ifname"])];
    if (mac === null || dev === null || asText(entry["master"]) === null) return [];
    return [{ mac, dev, vid: asNumber(entry["vlan"]), state: asText(entry["state"]) ?? "" }];
  });

/** An entry of the neighbour table, or a proxy (ip-neighbour(8)). */
export interface Neighbour {
  readonly address: Address;
  readonly dev: string;
  readonly mac: string | null;
  /** `REACHABLE`, `STALE`, `FAILED` …; empty for a proxy. */
  readonly state: string;
}

/** Reads what `ip -json neigh show` prints. */
export const parseNeighbours = (documents: readonly unknown[]): readonly Neighbour[] =>
  documents.map(membersOf).flatMap((entry) => {
    const [address, dev] = [parseAddress(asText(entry["dst"]) ?? ""), asText(entry["dev"])];
    if (address === null || dev === null) return [];
    const state = asList(entry["state"]).map(String).join(" ");
    return [{ address, dev, mac: asText(entry["lladdr"]), state }];
  });

/** An address of the host. */
export interface DeviceAddress {
  readonly address: Address;
  readonly length: number;
  readonly dev: string;
}

/** Reads what `ip -json address show` prints. */
export const parseAddresses = (documents: readonly unknown[]): readonly DeviceAddress[] =>
  documents.map(membersOf).flatMap((link) =>
    asList(link["addr_info"])
      .map(membersOf)
      .flatMap((entry) => {
        const address = parseAddress(asText(entry["local"]) ?? "");
        const [length, dev] = [asNumber(entry["prefixlen"]), asText(link["ifname"])];
        return address === null || length === null || dev === null ? [] : [{ address, length, dev }];
      }),
  );

/** A policy rule (ip-rule(8)). */
export interface PolicyRule {
  readonly priority: number;
  /** Null for a rule without a table: it refuses, or asks the VRF of the packet's device. */
  readonly table: number | null;
  readonly vrf: boolean;
}

/** Reads what `ip -json -N rule show` prints. `l3mdev` is there without a value. */
export const parseRules = (documents: readonly unknown[]): readonly PolicyRule[] =>
  documents.map(membersOf).map((rule) => ({
    priority: asNumber(rule["priority"]) ?? 0,
    table: asText(rule["table"]) === null ? null : Number(asText(rule["table"])),
    vrf: "l3mdev" in rule,
  }));
