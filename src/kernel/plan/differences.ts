import type { Change } from "../facts/change.ts";
import type { Desired } from "../facts/desired.ts";
import { hostState } from "../facts/host-state.ts";
import type { View } from "../facts/view.ts";
import { diff } from "./diff.ts";
import { withNextHops } from "./next-hop.ts";

/** What has to change: for the NIC's own sake, and for what its bridge needs of the uplinks. */
export const differences = (desired: Desired, view: View): readonly Change[] =>
  diff(hostState([...withNextHops(desired.facts, view), ...view.wanted]), view.facts);
