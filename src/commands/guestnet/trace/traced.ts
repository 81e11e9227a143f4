import type { Hop } from "../../../trace/hop.ts";
import type { Packet } from "../../../trace/packet.ts";
import type { Party } from "../../../trace/party.ts";
import type { Watched } from "../../../trace/probe/last-seen.ts";

/** A trace, and the way that it was made of. */
export interface Traced {
  readonly from: Party;
  readonly to: Party;
  readonly packet: Packet;
  readonly hops: readonly Hop[];
  /** What was seen of real packets; null where nothing was watched. */
  readonly watched: Watched | null;
}
