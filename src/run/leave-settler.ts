import type { Settler } from "../move/settler.ts";
import { leaveBehind } from "./leave-behind.ts";

/** Leaves somebody behind who gives the ports of a guest their last settings when it runs here: see `settle` in hooks/head.sh. Throws as `leaveBehind`. */
export const leaveSettler = (
  hook: string,
  { guest, marker, bridge, tc, ip, nft, taps }: Settler,
): Promise<unknown> => leaveBehind(hook, [guest, "settle", marker, bridge, tc, ip, nft], taps);
