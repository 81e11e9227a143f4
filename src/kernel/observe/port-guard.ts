import type { Fact, FollowedFact } from "../facts/fact.ts";
import type { IfName } from "../../values/names.ts";
import { GUARD_SETS, type GuardSet } from "../nft/port-guard.ts";
import { toVid } from "../../values/vid.ts";
import { asList, asNumber, asObject, asText, type Json } from "./json.ts";

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

/** Reads our marks of uplinks' VLANs from the same table. */
export const observeFollowed = (document: unknown): readonly FollowedFact[] =>
  asList(asObject(document)["nftables"])
    .map((item) => asObject(asObject(item)["set"]))
    .filter((set) => set["name"] === "followed")
    .flatMap((set) => asList(set["elem"]))
    .flatMap((element): readonly FollowedFact[] => {
      const [uplink, id] = asList(asObject(element)["concat"]);
      const vid = toVid(asNumber(id) ?? 0);
      const name = asText(uplink);
      return vid === null || name === null ? [] : [{ kind: "followed", uplink: name as IfName, vid }];
    });
