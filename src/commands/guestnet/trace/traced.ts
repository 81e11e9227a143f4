import type { Hop } from "../../../trace/hop.ts";
import type { Packet } from "../../../trace/packet.ts";
import type { Party } from "../../../trace/party.ts";

/** A trace, and the way that it was made of. */
export interface Traced {
  readonly from: Party;
  readonly to: Party;
  readonly packet: Packet;
  readonly hops: readonly Hop[];
}
