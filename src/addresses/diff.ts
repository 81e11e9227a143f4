import type { Address, Prefix } from "../values/address.ts";
import { attachmentKind, isHooked } from "../guest/attachment.ts";
import type { LiveDomain } from "../guest/nic.ts";
import type { Profile } from "../guest/profile.ts";

type What = Address | Prefix;

/** A guest, and its addresses as far as a running guest shows them: of routed NICs, and those that anti-spoofing holds ports to. */
export interface KnownAddresses {
  readonly name: string;
  /** The host that it runs on, or that its host.json names; null where that names none. */
  readonly host: string | null;
  readonly what: ReadonlySet<What>;
}

/** Returns what a guest of this profile shows when it runs. */
export const knownProfile = ({ name, interfaces }: Profile, host: string | null): KnownAddresses => ({
  ...{ name, host },
  what: new Set(
    interfaces.flatMap(({ attachment }) =>
      isHooked(attachment)
        ? attachmentKind(attachment)
            .networks(attachment)
            .map(({ address, prefix }) => address ?? prefix)
        : [],
    ),
  ),
});

/** Returns what a running guest shows. */
export const knownDomain = ({ name, nics }: LiveDomain, host: string): KnownAddresses => ({
  ...{ name, host },
  what: new Set(
    nics.flatMap(({ attachment }) =>
      attachmentKind(attachment)
        .networks(attachment)
        .map(({ address, prefix }) => address ?? prefix),
    ),
  ),
});

/** A running guest that has an address of another one's profile. */
interface Holder {
  readonly guest: string;
  readonly host: string;
}

/** What differs between profiles and running guests. */
export type AddressDifference =
  /** No host that was asked runs the guest; others may have its addresses. */
  | {
      readonly kind: "not-running";
      readonly guest: string;
      readonly host: string | null;
      readonly holders: readonly (Holder & { readonly what: What })[];
    }
  /** The same of a guest that was named, where its own host was not asked. */
  | {
      readonly kind: "not-asked";
      readonly guest: string;
      readonly host: string;
      readonly asked: readonly string[];
    }
  /** It runs, but not on the host that its host.json names. */
  | { readonly kind: "elsewhere"; readonly guest: string; readonly host: string; readonly runs: string }
  /** It runs without this address of its profile, which another guest may have. */
  | {
      readonly kind: "missing";
      readonly guest: string;
      readonly host: string;
      readonly what: What;
      readonly holders: readonly Holder[];
    }
  /** It runs with an address that its profile does not have. */
  | { readonly kind: "unexpected"; readonly guest: string; readonly host: string; readonly what: What }
  /** It runs without a profile. */
  | {
      readonly kind: "no-profile";
      readonly guest: string;
      readonly host: string;
      readonly what: readonly What[];
    };

/** A host is the same by its name with and without a domain. */
const isSame = (one: string, other: string): boolean =>
  one.split(".", 1)[0]?.toLowerCase() === other.split(".", 1)[0]?.toLowerCase();

/** A guest that runs on a host that was asked. */
type Running = KnownAddresses & { readonly host: string };

const holdersOf = (what: What, guest: string, running: readonly Running[]): readonly Holder[] =>
  running
    .filter((other) => other.name !== guest && other.what.has(what))
    .map((other) => ({ guest: other.name, host: other.host }));

const differencesOf = (
  planned: KnownAddresses,
  running: readonly Running[],
): readonly AddressDifference[] => {
  const guest = planned.name;
  return running
    .filter(({ name }) => name === guest)
    .flatMap(({ host: runs, what }): readonly AddressDifference[] => {
      const { host } = planned;
      const elsewhere = host !== null && !isSame(host, runs);
      return [
        ...(elsewhere ? [{ kind: "elsewhere" as const, guest, host, runs }] : []),
        ...[...planned.what]
          .filter((one) => !what.has(one))
          .map((one) => ({
            ...{ kind: "missing" as const, guest, host: runs, what: one },
            holders: holdersOf(one, guest, running),
          })),
        ...[...what]
          .filter((one) => !planned.what.has(one))
          .map((one) => ({ kind: "unexpected" as const, guest, host: runs, what: one })),
      ];
    });
};

/**
 * Compares profiles with running guests.
 *
 * @param asked the hosts that were asked: a guest of another host may run there
 * @param named the guests to compare, or none for all
 */
export const addressDiff = (
  profiles: readonly KnownAddresses[],
  running: readonly Running[],
  asked: readonly string[],
  named: readonly string[] = [],
): readonly AddressDifference[] => {
  const isMeant = ({ name }: KnownAddresses): boolean => named.length === 0 || named.includes(name);
  const names = new Set(profiles.map(({ name }) => name));
  const runs = new Set(running.map(({ name }) => name));
  return [
    ...profiles.filter(isMeant).flatMap((planned): readonly AddressDifference[] => {
      const { name: guest, host } = planned;
      if (runs.has(guest)) return differencesOf(planned, running);
      if (host !== null && !asked.some((one) => isSame(one, host)))
        return named.length === 0 ? [] : [{ kind: "not-asked", guest, host, asked }];
      const holders = [...planned.what].flatMap((what) =>
        holdersOf(what, guest, running).map((holder) => ({ ...holder, what })),
      );
      return [{ kind: "not-running", guest, host, holders }];
    }),
    ...running
      .filter((one) => isMeant(one) && !names.has(one.name))
      .map(({ name: guest, host, what }) => ({ kind: "no-profile" as const, guest, host, what: [...what] })),
  ];
};

/** Returns a difference in one line. */
export const describeAddressDifference = (one: AddressDifference): string => {
  switch (one.kind) {
    case "not-running": {
      const where = one.host === null ? "" : `, on ${one.host} or any other host`;
      const holders = one.holders.map(({ guest, host, what }) => `; ${guest} on ${host} has its ${what}`);
      return `guest ${one.guest} is not running at all${where}${holders.join("")}`;
    }
    case "not-asked":
      return `guest ${one.guest} is not running on ${one.asked.join(", ")}; its host ${one.host} was not queried`;
    case "elsewhere":
      return `guest ${one.guest} runs on ${one.runs}, but its host.json is that of ${one.host}`;
    case "missing": {
      const holders = one.holders.map(({ guest, host }) => `${guest} on ${host}`).join(", ");
      return `guest ${one.guest} on ${one.host} runs without ${one.what}${holders === "" ? "" : `, which ${holders} has`}`;
    }
    case "unexpected":
      return `guest ${one.guest} on ${one.host} runs with ${one.what}, which its profile does not have`;
    case "no-profile":
      return `guest ${one.guest} on ${one.host} has no profile${one.what.length === 0 ? "" : `; it has ${one.what.join(", ")}`}`;
  }
};
