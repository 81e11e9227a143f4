/** Which other guests may have the same address or prefix. */
export type Sharing =
  | { readonly kind: "own" }
  /** Every guest that sets "anycast" as well. */
  | { readonly kind: "anycast" }
  /** These guests, if they name this one as well. */
  | { readonly kind: "guests"; readonly guests: readonly string[] };

export const OWN: Sharing = { kind: "own" };

/** An address or prefix of a guest. */
interface Shared {
  readonly guest: string;
  readonly sharing: Sharing;
}

const names = ({ sharing }: Shared, { guest }: Shared): boolean =>
  sharing.kind === "guests" && sharing.guests.includes(guest);

/** Returns whether two guests may have the same address. */
export const mayShare = (one: Shared, other: Shared): boolean =>
  (one.sharing.kind === "anycast" && other.sharing.kind === "anycast") ||
  (names(one, other) && names(other, one));
