import { isBridged, isRouted } from "../guest/nic.ts";
import type { Address, Family } from "../values/address.ts";
import type { GuestParty } from "./party.ts";
import type { BridgeGuest } from "./path/bridge.ts";
import { lookupsBeyond, lookupsVia } from "./path/gateway.ts";
import { entryOf, lookupsOut, type RoutedGuest } from "./path/routed.ts";
import type { Questions } from "./observed/read-host.ts";

/** A guest whose host has not been looked at yet. */
export type UnobservedGuest = Omit<GuestParty, "observed">;

/** A guest on the host that is asked, and the address at the other end of its way. */
export interface Asking {
  readonly guest: UnobservedGuest;
  readonly peer: Address | null;
}

type Routed = Omit<RoutedGuest, "observed">;
type Bridged = Omit<BridgeGuest, "observed">;

/** Returns what to ask of a host for the guests that a trace meets there. */
export const traceQuestions = (family: Family, asking: readonly Asking[]): Questions => {
  const routed = asking.flatMap(
    ({ guest, peer }): readonly { readonly guest: Routed; readonly peer: Address }[] => {
      const { nic } = guest;
      return peer !== null && isRouted(nic) ? [{ guest: { ...guest, nic }, peer }] : [];
    },
  );
  const bridged = asking.flatMap(
    ({ guest, peer }): readonly { readonly guest: Bridged; readonly peer: Address }[] => {
      const { nic } = guest;
      return peer !== null && isBridged(nic) ? [{ guest: { ...guest, nic }, peer }] : [];
    },
  );
  const addresses = asking.flatMap(({ guest, peer }) => [guest.address, peer].flatMap((one) => one ?? []));
  return {
    family,
    addresses: [...new Set(addresses)],
    bridges: [
      ...new Set(asking.flatMap(({ guest: { nic } }) => (isBridged(nic) ? [nic.attachment.bridge] : []))),
    ],
    lookups: [
      ...routed.flatMap(({ guest, peer }) => lookupsOut(guest, peer)),
      ...bridged.flatMap(({ peer }) => lookupsBeyond(peer)),
    ],
    next: (observed) => [
      ...routed.flatMap(({ guest, peer }) => {
        const entry = entryOf({ ...guest, observed }, peer);
        return entry === null || guest.address === null
          ? []
          : [{ to: guest.address, from: peer, in: entry, out: null }];
      }),
      ...bridged.flatMap(({ guest, peer }) => lookupsVia({ ...guest, observed }, peer)),
    ],
  };
};
