import type { Fact } from "../facts/fact.ts";
import { asList, asObject, asText } from "./json.ts";

const CHAINS: readonly string[] = ["newcomers", "source-check", "reach"];

/** Reads what `nft -j -t list table inet guestnet` prints. */
export const observeSourceCheck = (document: unknown): readonly Fact[] => {
  const rules = asList(asObject(document)["nftables"])
    .map((item) => asObject(asObject(item)["rule"]))
    .filter((rule) => CHAINS.includes(asText(rule["chain"]) ?? ""))
    .map((rule) => asText(rule["comment"]) ?? "");
  return [{ kind: "source-check", rules }];
};
