import { mkdirSync, writeFileSync } from "node:fs";
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
export const leaveWaiter = async (
  hook: string,
  { guest, marker, taps, promote, settle }: Waiter,
): Promise<void> => {
  const pid = await leaveBehind(hook, [guest, "promote", marker, promote.trimEnd(), settle.trimEnd()], taps);
  mkdirSync(marker.slice(0, marker.lastIndexOf("/")), { recursive: true });
  writeFileSync(marker, `waiter ${String(pid)}\n`);
};
