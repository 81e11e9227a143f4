import { readFileSync } from "node:fs";
import type { Ran } from "../../src/kernel/host.ts";

const read = (path: string): unknown => JSON.parse(readFileSync(`fixtures/kernel/${path}.json`, "utf8"));

/** What iproute2 6.1 really printed: `fixtures/kernel/iproute2-6.1/README.md` says for which command. */
export const recorded = (name: string): readonly unknown[] => read(`iproute2-6.1/${name}`) as unknown[];

/** A whole run of it. */
export const recordedRun = (name: string): Ran => read(`iproute2-6.1/${name}`) as Ran;

/** What nftables 1.0 really printed. */
export const recordedNft = (name: string): string => JSON.stringify(read(`nftables-1.0/${name}`));
