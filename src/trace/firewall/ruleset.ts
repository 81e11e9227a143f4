import { asList, asNumber, membersOf, asText, type JsonObject } from "../../values/json.ts";

/** Where a rule or a chain is, as nft(8) names it. */
export interface ChainRef {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
}

/** A rule as `nft -j list ruleset` prints it. */
export interface Rule extends ChainRef {
  readonly handle: number;
  readonly comment: string | null;
  /** Its statements, in their order (libnftables-json(5)). */
  readonly statements: readonly JsonObject[];
  /** Its number in the chain, from 0: iptables-save prints the rules of a chain in the same order. */
  readonly index: number;
}

/** How a base chain is called by the kernel; null for a chain that only rules jump to. */
export interface Base {
  readonly type: string;
  readonly hook: string;
  readonly priority: number;
  readonly policy: "accept" | "drop";
  /** Devices of an ingress or egress hook; empty for all others. */
  readonly devices: readonly string[];
}

export interface Chain extends ChainRef {
  readonly base: Base | null;
  readonly rules: readonly Rule[];
}

/** A named set or map, with its elements as nft prints them. */
export interface NamedSet {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly elements: readonly unknown[];
}

/** Everything that nftables does with packets on a host, iptables-nft included. */
export interface Ruleset {
  readonly chains: readonly Chain[];
  readonly sets: readonly NamedSet[];
}

const refOf = (json: JsonObject, chain: string): ChainRef => ({
  family: asText(json["family"]) ?? "",
  table: asText(json["table"]) ?? "",
  chain: asText(json[chain]) ?? "",
});

const keyOf = ({ family, table, chain }: ChainRef): string => `${family} ${table} ${chain}`;

const devicesOf = (json: JsonObject): readonly string[] => {
  const one = asText(json["dev"]);
  return one === null ? asList(json["dev"]).flatMap((dev) => asText(dev) ?? []) : [one];
};

const baseOf = (json: JsonObject): Base | null => {
  const [type, hook, priority] = [asText(json["type"]), asText(json["hook"]), asNumber(json["prio"])];
  return type === null || hook === null || priority === null
    ? null
    : {
        ...{ type, hook, priority },
        policy: json["policy"] === "drop" ? "drop" : "accept",
        devices: devicesOf(json),
      };
};

/** Reads what `nft -j list ruleset` prints. */
export const parseRuleset = (document: unknown): Ruleset => {
  const items = asList(membersOf(document)["nftables"]).map(membersOf);
  const rules = new Map<string, Rule[]>();
  for (const item of items) {
    if (item["rule"] === undefined) continue;
    const json = membersOf(item["rule"]);
    const ref = refOf(json, "chain");
    const known = rules.get(keyOf(ref)) ?? [];
    rules.set(keyOf(ref), known);
    known.push({
      ...ref,
      handle: asNumber(json["handle"]) ?? 0,
      comment: asText(json["comment"]),
      statements: asList(json["expr"]).map(membersOf),
      index: known.length,
    });
  }
  return {
    chains: items.flatMap((item) => {
      if (item["chain"] === undefined) return [];
      const json = membersOf(item["chain"]);
      const ref = refOf(json, "name");
      return [{ ...ref, base: baseOf(json), rules: rules.get(keyOf(ref)) ?? [] }];
    }),
    sets: items.flatMap((item) => {
      if (item["set"] === undefined && item["map"] === undefined) return [];
      const json = membersOf(item["set"] ?? item["map"]);
      return [
        {
          family: asText(json["family"]) ?? "",
          table: asText(json["table"]) ?? "",
          name: asText(json["name"]) ?? "",
          elements: asList(json["elem"]),
        },
      ];
    }),
  };
};

/** Returns the base chains of a hook in the order in which the kernel calls them (nft(8), "priority"). */
export const chainsAt = (
  { chains }: Ruleset,
  families: readonly string[],
  hook: string,
  device: string | null,
): readonly (Chain & { readonly base: Base })[] =>
  chains
    .flatMap((chain) => (chain.base === null ? [] : [{ ...chain, base: chain.base }]))
    .filter(
      ({ family, base }) =>
        families.includes(family) &&
        base.hook === hook &&
        (base.devices.length === 0 || (device !== null && base.devices.includes(device))),
    )
    .sort((a, b) => a.base.priority - b.base.priority);

/** Returns the chain that a rule jumps to. */
export const chainOf = ({ chains }: Ruleset, { family, table }: ChainRef, name: string): Chain | null =>
  chains.find((chain) => chain.family === family && chain.table === table && chain.chain === name) ?? null;

/** Returns a set of the rule's table. */
export const setOf = ({ sets }: Ruleset, { family, table }: ChainRef, name: string): NamedSet | null =>
  sets.find((set) => set.family === family && set.table === table && set.name === name) ?? null;
