import type { Fact } from "../model/fact.ts";
import type { Run } from "../model/host.ts";
import { asList, asObject, asText } from "./json.ts";

/** Asks nft for our table; none is no error. */
export const observeSourceCheck = async (run: Run): Promise<readonly Fact[]> => {
  const ran = await run("nft", ["--json", "list", "table", "inet", "guestnet"]);
  if (ran.code !== 0) return [];
  const rules = asList(asObject(JSON.parse(ran.stdout) as unknown)["nftables"])
    .map((item) => asObject(asObject(item)["rule"]))
    .filter((rule) => rule["chain"] === "source-check")
    .map((rule) => asText(rule["comment"]) ?? "");
  return [{ kind: "source-check", rules }];
};
