import { existsSync } from "node:fs";
import { INSTALLED, quickJs } from "./quickjs.ts";

/** A JavaScript engine that runs the hook. */
export interface HookEngine {
  readonly name: "Node.js" | "QuickJS";
  readonly path: string;
}

export const NODE: HookEngine = { name: "Node.js", path: process.execPath };

/** The one that the hook takes by itself: QuickJS where there is one. */
export const preferredEngine = (): HookEngine => {
  const path = quickJs();
  return path === null ? NODE : { name: "QuickJS", path };
};

/** Those that this machine has by itself, without what the lab has unpacked. */
export const installedEngines = (): readonly [HookEngine, ...HookEngine[]] =>
  existsSync(INSTALLED) ? [{ name: "QuickJS", path: INSTALLED }, NODE] : [NODE];
