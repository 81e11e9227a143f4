import { type BridgeMap, parseBridgeRule } from "../../src/import/to-profile/bridge-map.ts";

/** The rules of a case's `bridge-map.txt`, one on a line. */
export const toMap = (text: string | null): BridgeMap =>
  (text ?? "").split("\n").flatMap((line) => {
    if (line === "") return [];
    const rule = parseBridgeRule(line);
    if (typeof rule === "string") throw new Error(rule);
    return [rule];
  });
