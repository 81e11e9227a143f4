import { type Finding, good } from "../finding.ts";
import { checkPeerHook } from "./hook.ts";
import { checkPeerMachine } from "./machine.ts";
import { checkPeerNetwork } from "./network.ts";
import type { PeerSeen } from "./peer-seen.ts";
import { checkPeerRouting } from "./routing.ts";
import { sayGuests } from "./say.ts";

/** What another host lacks for the guests of this one: everything is told before a guest moves. */
export const examinePeer = (seen: PeerSeen): readonly Finding[] => [
  good(
    "guests that are to move",
    seen.arrivals.length === 0 ? "none runs here" : sayGuests(seen.arrivals.map(({ domain }) => domain.name)),
  ),
  ...checkPeerMachine(seen),
  ...checkPeerHook(seen),
  ...checkPeerNetwork(seen),
  ...checkPeerRouting(seen),
];
