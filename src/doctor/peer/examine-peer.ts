import { type Finding, ok } from "../finding.ts";
import { checkPeerHook } from "./hook.ts";
import { checkPeerMachine } from "./machine.ts";
import { checkPeerNetwork } from "./network.ts";
import type { PeerReadings } from "./peer-readings.ts";
import { checkPeerRouting } from "./routing.ts";
import { guestsText } from "./by-guest.ts";

/** Returns what another host lacks for the guests of this one, before a guest moves. */
export const examinePeer = (seen: PeerReadings): readonly Finding[] => [
  ok(
    "guests to move",
    seen.receptions.length === 0
      ? "no guest runs here"
      : guestsText(seen.receptions.map(({ domain }) => domain.name)),
  ),
  ...checkPeerMachine(seen),
  ...checkPeerHook(seen),
  ...checkPeerNetwork(seen),
  ...checkPeerRouting(seen),
];
