import { attachmentKind } from "../guest/attachment.ts";
import { ROUTED } from "../guest/kinds/routed.ts";
import { type LiveDomain, macsOf } from "../guest/nic.ts";
import { mayShare, type Sharing } from "../guest/sharing.ts";
import { nestedIn, type Span, spanOf } from "../values/address-range.ts";
import { never } from "../values/brand.ts";
import { isVirtualRouter } from "../values/mac.ts";

/** A running guest, and where. */
export interface PlacedGuest {
  readonly host: string;
  readonly domain: LiveDomain;
  /** Its CPUs are stopped: it is paused, or it migrates from this host or to it. */
  readonly paused: boolean;
}

/** Something of a guest's that no other guest can have. */
export interface Identifier {
  readonly kind: "guest" | "name" | "mac" | "address";
  /** UUID, name, MAC address, address or prefix. */
  readonly what: string;
  readonly of: PlacedGuest;
  /** The NIC's; null where it is the whole guest's. */
  readonly tap: string | null;
}

/** An address, a network of one, or a prefix. */
interface NetworkIdentifier extends Identifier {
  readonly span: Span;
  /** The scope of the value: it may exist twice in two VLANs, or in two VRFs. */
  readonly segment: string;
  readonly isRouted: boolean;
  readonly guest: string;
  readonly sharing: Sharing;
}

/** All addresses and prefixes of a guest. */
const networkIdentifiersOf = (of: PlacedGuest): readonly NetworkIdentifier[] =>
  of.domain.nics.flatMap(({ tap, attachment }) =>
    attachmentKind(attachment)
      .networks(attachment)
      .map(({ address, prefix, segment, sharing }) => ({
        ...({ kind: "address", what: address ?? prefix, of, tap, span: spanOf(prefix) } as const),
        ...{ segment, isRouted: attachment.kind === "routed", guest: of.domain.name, sharing },
      })),
  );

/** Returns the identity of a guest: UUID and name, and the MAC addresses of its NICs. */
const identifiersOf = (of: PlacedGuest): readonly Identifier[] => {
  const { name, uuid, nics } = of.domain;
  return [
    { kind: "guest", what: uuid, of, tap: null },
    { kind: "name", what: name, of, tap: null },
    // The address of a virtual router is that of all guests that share it.
    ...nics.flatMap((nic) =>
      macsOf(nic)
        .filter((mac) => mac === nic.mac || !isVirtualRouter(mac))
        .map((mac): Identifier => ({ kind: "mac", what: mac, of, tap: nic.tap })),
    ),
  ];
};

/** Values that two guests have at the same time, or one guest that runs on two hosts. */
export type Conflict = readonly [Identifier, Identifier];

/** During a migration both libvirts have the guest, and its CPUs run on one of them at most. */
const isMoving = (one: PlacedGuest, other: PlacedGuest): boolean =>
  one.domain.uuid === other.domain.uuid && (one.paused || other.paused);

/** A guest that runs twice is told once, not again for all that it has. */
const isAnother = (one: Identifier, other: Identifier): boolean =>
  one.kind === "guest" ? !isMoving(one.of, other.of) : one.of.domain.uuid !== other.of.domain.uuid;

const meets = (one: NetworkIdentifier, other: NetworkIdentifier): boolean =>
  isAnother(one, other) &&
  !mayShare(one, other) &&
  (one.segment === other.segment || one.segment === ROUTED || other.segment === ROUTED);

/** Each with the first that it conflicts with: as many reports as there are identifiers too many, not as there are pairs. */
const same = <C extends Identifier>(
  identifiers: readonly C[],
  conflicts: (one: C, other: C) => boolean,
): readonly Conflict[] => {
  const groups = new Map<string, C[]>();
  return identifiers.flatMap((identifier): readonly Conflict[] => {
    const key = `${identifier.kind} ${identifier.what}`;
    const group = groups.get(key) ?? [];
    groups.set(key, [...group, identifier]);
    const first = group.find((before) => conflicts(before, identifier));
    return first === undefined ? [] : [[first, identifier]];
  });
};

/** Networks inside another guest's prefix: the more specific route takes their packets away. */
const nested = (networks: readonly NetworkIdentifier[]): readonly Conflict[] =>
  nestedIn(networks, (outer, inner) => outer.what !== inner.what && meets(outer, inner)).map(
    ({ outer, inner }) => [outer, inner],
  );

/** Everything that running guests have twice, wherever they run. */
export const conflictsOf = (guests: readonly PlacedGuest[]): readonly Conflict[] => {
  const networks = guests.flatMap(networkIdentifiersOf);
  const routed = networks.filter(({ isRouted }) => isRouted);
  return [...same(guests.flatMap(identifiersOf), isAnother), ...same(networks, meets), ...nested(routed)];
};

const place = ({ of, tap }: Identifier): string =>
  `${of.domain.name}${tap === null ? "" : ` (${tap})`} on ${of.host}`;

/** One conflict in a sentence: what it is, and who has it. */
export const describeConflict = ([one, other]: Conflict): string => {
  switch (one.kind) {
    case "guest":
      return `guest ${one.of.domain.name} (${one.what}) runs twice: on ${one.of.host} and on ${other.of.host}; destroy one at once, both write to its disks`;
    case "name":
      return `two guests are called ${one.what}: on ${one.of.host} and on ${other.of.host}; neither can move to the other's host`;
    case "mac":
      return `the MAC address ${one.what} is that of ${place(one)} and of ${place(other)}`;
    case "address":
      return one.what === other.what
        ? `the address ${one.what} is that of ${place(one)} and of ${place(other)}`
        : `${other.what} of ${place(other)} is inside ${one.what} of ${place(one)}`;
    default:
      return never(one.kind);
  }
};
