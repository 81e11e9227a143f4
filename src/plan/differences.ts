import type { Change } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import { hostState } from "../model/host-state.ts";
import type { View } from "../model/view.ts";
import { diff } from "./diff.ts";

/** What has to change: for the NIC's own sake, and for what its bridge needs of the uplinks. */
export const differences = (desired: Desired, view: View): readonly Change[] =>
  diff(hostState([...desired.facts, ...view.wanted]), view.facts);
