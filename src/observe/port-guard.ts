import type { Fact } from "../model/fact.ts";
import type { IfName } from "../model/names.ts";
import { GUARD_SETS, type GuardSet } from "../model/port-guard.ts";
import { asList, asObject, asText, type Json } from "./json.ts";

const isGuardSet = (name: string | null): name is GuardSet => name !== null && name in GUARD_SETS;

/** An element's parts: nft prints one part alone as itself. */
const partsOf = (element: unknown): readonly string[] => {
  const concat = asObject(element)["concat"];
  const parts = concat === undefined ? [element] : asList(concat);
  return parts.map((part) => asText(part) ?? "");
};

const elementsOf = (set: Json, ports: ReadonlySet<string>): readonly Fact[] => {
  const name = asText(set["name"]);
  if (!isGuardSet(name)) return [];
  return asList(set["elem"]).flatMap((element): readonly Fact[] => {
    const [port = "", ...rest] = partsOf(element);
    return ports.has(port)
      ? [{ kind: "guard", port: port as IfName, set: name, element: rest.join(" . ") }]
      : [];
  });
};

/** Reads what `nft -j list table bridge guestnet` prints: the rules, and the elements of these ports. */
export const observeGuard = (document: unknown, ports: readonly IfName[]): readonly Fact[] => {
  const items = asList(asObject(document)["nftables"]).map(asObject);
  const own = new Set<string>(ports);
  const rules = items
    .map((item) => asObject(item["rule"]))
    .filter((rule) => rule["chain"] === "guard")
    .map((rule) => asText(rule["comment"]) ?? "");
  return [{ kind: "guard-rules", rules }, ...items.flatMap((item) => elementsOf(asObject(item["set"]), own))];
};
