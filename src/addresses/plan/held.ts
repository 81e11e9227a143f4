import type { Address, Prefix } from "../../values/address.ts";
import { OWN, type Sharing } from "../../guest/sharing.ts";
import type { BookedGuest, Segment } from "../book.ts";
import { byNumber, type Numbers, numbersOf } from "../numbers.ts";
import type { PlannedSite } from "./planned.ts";

/** An address or network, and who has it. */
export interface Held {
  readonly what: Address | Prefix;
  readonly numbers: Numbers;
  readonly by:
    | { readonly kind: "guest"; readonly guest: BookedGuest; readonly nic: string; readonly segment: Segment }
    | { readonly kind: "host"; readonly host: string | null; readonly device: string | null }
    /** A router's, which hosts and guests use. */
    | { readonly kind: "gateway" };
  readonly sharing: Sharing;
}

const guestsOwn = (guest: BookedGuest): readonly Held[] =>
  guest.nics.flatMap(({ name: nic, addresses, prefixes }): readonly Held[] => [
    ...addresses.map(({ address, segment, sharing }) => ({
      ...{ what: address, numbers: numbersOf(address), sharing },
      by: { kind: "guest" as const, guest, nic, segment },
    })),
    ...prefixes.map(({ prefix, sharing }) => ({
      ...{ what: prefix, numbers: numbersOf(prefix), sharing },
      by: { kind: "guest" as const, guest, nic, segment: { kind: "routed" as const } },
    })),
  ]);

const hostsOwn = ({ host, own }: PlannedSite): readonly Held[] =>
  own.flatMap(({ address, kind, device }) =>
    kind === "gateway"
      ? []
      : [{ what: address, numbers: numbersOf(address), by: { kind, host, device }, sharing: OWN }],
  );

/** Returns everything that hosts, routers and guests have, in the order of numbers. */
export const heldBy = (sites: readonly PlannedSite[], guests: readonly BookedGuest[]): readonly Held[] => {
  const all = [...sites.flatMap(hostsOwn), ...guests.flatMap(guestsOwn)];
  const gateways = new Set([
    ...sites.flatMap(({ own }) => own.flatMap(({ address, kind }) => (kind === "gateway" ? [address] : []))),
    ...guests.flatMap(({ nics }) => nics.flatMap((nic) => nic.gateways)),
  ]);
  // A gateway that is a host's or a guest's own address is listed as that.
  for (const { what } of all) gateways.delete(what as Address);
  const routers = [...gateways].map((what): Held => ({
    what,
    numbers: numbersOf(what),
    by: { kind: "gateway" },
    sharing: OWN,
  }));
  return [...all, ...routers].sort((one, other) => byNumber(one.numbers, other.numbers));
};
