import { expect, test } from "@jest/globals";
import { observeSourceCheck, sourceCheckFact } from "../../../../src/kernel/facts/filter/source-check.ts";
import { recordedNft } from "../../../support/recorded.ts";

const shown = (name: string) => JSON.parse(recordedNft(name)) as { readonly nftables: readonly unknown[] };

test("is known again in what nft really printed", () => {
  expect(observeSourceCheck(shown("source-check"))).toEqual([sourceCheckFact]);
});

test("a table with a rule too few is another source check", () => {
  const fewer = { nftables: shown("source-check").nftables.slice(0, -1) };
  expect(observeSourceCheck(fewer)).not.toEqual([sourceCheckFact]);
});

test("that of 0.1.0 is another: it tells what its rules are for, but not which they are", () => {
  const [before] = observeSourceCheck(shown("source-check-0.1.0"));
  expect(before).not.toEqual(sourceCheckFact);
  const plain = sourceCheckFact.rules.map((comment) => comment.replace(/; rules [0-9a-f]{8}$/, ""));
  expect(before?.rules).toEqual(plain);
});
