import { attachmentKind, portOf } from "../guest/attachment.ts";
import { type LiveDomain, type Nic, isBridged, isRouted, macsOf } from "../guest/nic.ts";
import { untaggedVid } from "../guest/port-vlans.ts";
import { type Address, type Family, familyOf } from "../values/address.ts";
import { covers } from "../values/address-range.ts";
import { refused, good, type Result } from "../values/result.ts";
import { tableWords } from "../values/route-table.ts";
import type { Vid } from "../values/vid.ts";

/** A guest's NIC, and what it sends there. */
export interface Chosen {
  readonly nic: Nic;
  readonly address: Address | null;
  readonly shared: boolean;
  readonly tag: Vid | null;
}

/** What the command line says of a guest's NIC. */
export interface NicOptions {
  /** A number from 0, a tap or a MAC address. */
  readonly nic: string | null;
  readonly vlan: Vid | null;
}

/** The addresses of a NIC in one network, of both families: first those that it alone has, which it sends from. */
const addressesOf = (
  { attachment }: Nic,
  tag: Vid | null,
): readonly { readonly address: Address; readonly shared: boolean }[] =>
  attachmentKind(attachment)
    .networks(attachment)
    .flatMap(({ address, vid, sharing }) =>
      address === null || vid !== tag ? [] : [{ address, shared: sharing.kind !== "own" }],
    )
    .sort((one, other) => Number(one.shared) - Number(other.shared));

/** The tag of frames in a VLAN; without one named, that of the untagged network, or else of the first that has an address. */
const tagOf = ({ attachment }: Nic, vlan: Vid | null): Vid | null => {
  const port = portOf(attachment);
  if (port === null) return null;
  const untagged = untaggedVid(port.vlans);
  if (vlan !== null) return vlan === untagged ? null : vlan;
  if (untagged !== null) return null;
  const named = port.policy.guard?.addresses.find(({ vid }) => vid !== null)?.vid;
  return named ?? port.vids[0] ?? null;
};

/** Families in which a NIC has addresses. */
export const familiesOf = ({ attachment }: Nic): ReadonlySet<Family> =>
  new Set(
    attachmentKind(attachment)
      .networks(attachment)
      .flatMap(({ address }) => (address === null ? [] : familyOf(address))),
  );

const candidates = (
  { name, nics, unmanaged }: LiveDomain,
  { nic: wanted, vlan }: NicOptions,
): Result<readonly Nic[], string> => {
  if (wanted === null) {
    const fit = vlan === null ? nics : nics.filter((nic) => isBridged(nic) && vidsOf(nic).includes(vlan));
    if (nics.length === 0) return refused(`guest ${name} has no NIC with metadata of guestnet`);
    return good(fit.length === 0 ? nics : fit);
  }
  const found = nics.filter(
    (nic, index) =>
      nic.tap === wanted ||
      macsOf(nic).some((mac) => mac === wanted.toLowerCase()) ||
      String(index) === wanted,
  );
  if (found.length > 0) return good(found);
  const foreign = unmanaged.some(({ tap, mac }) => tap === wanted || mac === wanted.toLowerCase());
  const names = nics.map(({ tap }) => tap).join(", ");
  return refused(
    foreign
      ? `NIC ${wanted} of guest ${name} has no metadata of guestnet`
      : `guest ${name} does not have NIC ${wanted}${names === "" ? "" : `: use one of ${names}`}`,
  );
};

const vidsOf = ({ attachment }: Nic): readonly Vid[] => portOf(attachment)?.vids ?? [];

const toChosen = (nic: Nic, vlan: Vid | null, family: Family, own: Address | null): Chosen => {
  const tag = tagOf(nic, vlan);
  const fit = addressesOf(nic, tag).filter(({ address }) => familyOf(address) === family);
  const found = fit.find(({ address }) => address === own) ?? fit[0];
  return { nic, tag, address: found?.address ?? null, shared: found?.shared ?? false };
};

/** Whether two NICs are in one VLAN of one bridge. */
const areNeighbours = (one: Chosen, other: Chosen): boolean => {
  const vlanOf = ({ nic, tag }: Chosen): string | null => {
    const port = portOf(nic.attachment);
    return port === null ? null : `${port.bridge} ${String(tag ?? untaggedVid(port.vlans))}`;
  };
  return vlanOf(one) !== null && vlanOf(one) === vlanOf(other);
};

/**
 * Chooses the NIC of a guest that sends: one with an address of the family.
 *
 * @param own an address that it must be, if the guest has it
 */
export const chooseNic = (
  domain: LiveDomain,
  options: NicOptions,
  family: Family,
  own: Address | null = null,
): Result<Chosen, string> => {
  const nics = candidates(domain, options);
  if (!nics.ok) return nics;
  const all = nics.value.map((nic) => toChosen(nic, options.vlan, family, own));
  const best = all.find(({ address }) => address !== null && (own === null || address === own));
  const chosen = best ?? all.find(({ address }) => address !== null) ?? all[0];
  return chosen === undefined ? refused(`guest ${domain.name} has no NIC`) : good(chosen);
};

/** Two NICs, of the sender and of the guest that it sends to. */
export interface Pair {
  readonly from: Chosen;
  readonly to: Chosen;
}

/** Chooses the NICs of two guests: a pair in one VLAN where there is one, for such guests ask each other directly. */
export const choosePair = (
  from: LiveDomain,
  to: LiveDomain,
  options: NicOptions,
  family: Family,
): Result<Pair, string> => {
  const nics = candidates(from, options);
  if (!nics.ok) return nics;
  const senders = nics.value.map((nic) => toChosen(nic, options.vlan, family, null));
  const receivers = to.nics.flatMap((nic) =>
    [null, ...vidsOf(nic)].map((vlan) => toChosen(nic, vlan, family, null)),
  );
  for (const one of senders)
    for (const other of receivers) if (areNeighbours(one, other)) return good({ from: one, to: other });
  const sender = chooseNic(from, options, family);
  const receiver = chooseNic(to, { nic: null, vlan: null }, family);
  if (!sender.ok) return sender;
  return receiver.ok ? good({ from: sender.value, to: receiver.value }) : receiver;
};

/** The NICs of a guest that have an address: as their own, or in a network that is routed to them. */
const holdersIn = ({ nics }: LiveDomain, wanted: Address): readonly Chosen[] =>
  nics.flatMap((nic) =>
    attachmentKind(nic.attachment)
      .networks(nic.attachment)
      .flatMap(({ address, prefix, vid, sharing }): readonly Chosen[] =>
        address === wanted || (address === null && covers(prefix, wanted))
          ? [{ nic, address: wanted, shared: sharing.kind !== "own", tag: vid }]
          : [],
      ),
  );

/** Whether two routed NICs are in different routing tables, where the same address is another's. */
const areApart = ({ nic: one }: Chosen, { nic: other }: Chosen): boolean =>
  isRouted(one) && isRouted(other) && tableWords(one.attachment.table) !== tableWords(other.attachment.table);

/**
 * Chooses among guests that have an address the one that a packet to it reaches: one in the VLAN of the sender, or else one that
 * is not behind another routing table.
 *
 * @param holders the nearest first
 * @returns null where none of them has it
 */
export const chooseHolder = <H extends { readonly domain: LiveDomain }>(
  from: LiveDomain,
  holders: readonly H[],
  options: NicOptions,
  address: Address,
): Result<(Pair & { readonly holder: H }) | null, string> => {
  const family = familyOf(address);
  const nics = candidates(from, options);
  if (!nics.ok) return nics;
  const senders = nics.value.map((nic) => toChosen(nic, options.vlan, family, null));
  const receivers = holders.flatMap((holder) =>
    holdersIn(holder.domain, address).map((to) => ({ to, holder })),
  );
  for (const one of senders)
    for (const { to, holder } of receivers)
      if (areNeighbours(one, to)) return good({ from: one, to, holder });
  const sender = chooseNic(from, options, family);
  if (!sender.ok) return sender;
  const receiver = receivers.find(({ to }) => !areApart(sender.value, to));
  return good(receiver === undefined ? null : { from: sender.value, ...receiver });
};
