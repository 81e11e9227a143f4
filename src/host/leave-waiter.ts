import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { leaveBehind } from "./leave-behind.ts";

/** What a waiter is told: see `promote` in hooks/head.sh. */
export interface Waiter {
  readonly guest: string;
  readonly marker: string;
  readonly taps: readonly string[];
  readonly promote: string;
  readonly settle: string;
}

/** Leaves somebody behind who promotes the routes of a guest when it runs here; the marker then names the process. Throws as `leaveBehind`. */
export const leaveWaiter = (hook: string, { guest, marker, taps, promote, settle }: Waiter): void => {
  const pid = leaveBehind(hook, [guest, "promote", marker, promote.trimEnd(), settle.trimEnd()], taps);
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, `waiter ${String(pid)}\n`);
};
