// What the hook costs beside its floor and beside others' hooks: `npm run bench-hook [ROUNDS]`. docs/explanation/performance.md has the numbers.
// It needs the lab's packages, xmllint and python3-pyroute2.
import { benchBridge } from "./hook-bridge.ts";
import { benchRouted } from "./hook-routed.ts";
import { benchTwenty } from "./hook-twenty.ts";
import { ENGINES } from "./in-lab.ts";
import { noteMissingEngine, requireLab, requirePyroute2 } from "./require-lab.ts";

requireLab(["vlan-filtering", "nft-bridge", "nft-inet"]);
requirePyroute2();
noteMissingEngine();
const rounds = Number(process.argv[2] ?? 30);
console.log(
  `${ENGINES.map(({ name }) => name).join(", ")} (${process.version}), medians of ${String(rounds)} interleaved rounds`,
);
await benchRouted(rounds);
await benchBridge(rounds);
await benchTwenty(rounds);
