import type { Address, Prefix } from "../../values/address.ts";
import { OWN, type Sharing } from "../../guest/sharing.ts";
import type { BookedGuest, Segment } from "../book.ts";
import { byNumber, type Numbers, numbersOf } from "../numbers.ts";
import type { PlannedSite } from "./planned.ts";

/** An address or network, and who has it. */
export interface HeldAddress {
  readonly what: Address | Prefix;
  readonly numbers: Numbers;
  readonly by:
    | { readonly kind: "guest"; readonly guest: BookedGuest; readonly nic: string; readonly segment: Segment }
    | { readonly kind: "host"; readonly host: string | null; readonly device: string | null }
    /** A router's, which hosts and guests use. */
    | { readonly kind: "gateway" };
  readonly sharing: Sharing;
}

const ROUTED: Segment = { kind: "routed" };

const guestsOwn = (guests: readonly BookedGuest[]): HeldAddress[] => {
  const all: HeldAddress[] = [];
  for (const guest of guests)
    for (const { name: nic, addresses, prefixes } of guest.nics) {
      const add = (what: Address | Prefix, segment: Segment, sharing: Sharing): void => {
        all.push({ what, numbers: numbersOf(what), by: { kind: "guest", guest, nic, segment }, sharing });
      };
      for (const { address, segment, sharing } of addresses) add(address, segment, sharing);
      for (const { prefix, sharing } of prefixes) add(prefix, ROUTED, sharing);
    }
  return all;
};

const hostsOwn = ({ host, own }: PlannedSite): readonly HeldAddress[] =>
  own.flatMap(({ address, kind, device }) =>
    kind === "gateway"
      ? []
      : [{ what: address, numbers: numbersOf(address), by: { kind, host, device }, sharing: OWN }],
  );

/** Returns everything that hosts, routers and guests have, in the order of numbers. */
export const heldBy = (
  sites: readonly PlannedSite[],
  guests: readonly BookedGuest[],
): readonly HeldAddress[] => {
  const all = [...sites.flatMap(hostsOwn), ...guestsOwn(guests)];
  const gateways = new Set<Address>();
  for (const { own } of sites)
    for (const { address, kind } of own) if (kind === "gateway") gateways.add(address);
  for (const { nics } of guests)
    for (const nic of nics) for (const gateway of nic.gateways) gateways.add(gateway);
  // A gateway that is a host's or a guest's own address is listed as that.
  for (const { what } of all) gateways.delete(what as Address);
  const routers = [...gateways].map((what): HeldAddress => ({
    what,
    numbers: numbersOf(what),
    by: { kind: "gateway" },
    sharing: OWN,
  }));
  return [...all, ...routers].sort((one, other) => byNumber(one.numbers, other.numbers));
};
