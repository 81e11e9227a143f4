import { type LiveDomain, type Nic, isBridged, macsOf } from "../guest/nic.ts";
import { type Address, type Family, familyOf } from "../values/address.ts";
import { refused, good, type Result } from "../values/result.ts";
import type { Vid } from "../values/vid.ts";

/** A guest's NIC, and what it sends there. */
export interface Chosen {
  readonly nic: Nic;
  readonly address: Address | null;
  readonly shared: boolean;
  readonly tag: Vid | null;
}

/** What the command line says of a guest's NIC. */
export interface Wish {
  /** A number from 0, a tap or a MAC address. */
  readonly nic: string | null;
  readonly vlan: Vid | null;
}

/** The addresses of a NIC in one network, of both families: first those that it alone has, which it sends from. */
const addressesOf = (
  nic: Nic,
  tag: Vid | null,
): readonly { readonly address: Address; readonly shared: boolean }[] => {
  const { attachment } = nic;
  if (attachment.kind === "routed")
    return attachment.addresses.map((address) => ({ address, shared: attachment.anycast !== null }));
  return (attachment.policy.guard?.addresses ?? [])
    .filter(({ vid }) => vid === tag)
    .map(({ address, sharedBy }) => ({ address, shared: sharedBy.length > 0 }))
    .sort((one, other) => Number(one.shared) - Number(other.shared));
};

/** The tag of frames in a VLAN; without one named, that of the untagged network, or else of the first that has an address. */
const tagOf = ({ attachment }: Nic, vlan: Vid | null): Vid | null => {
  if (attachment.kind === "routed") return null;
  if (vlan !== null) {
    const untagged = attachment.kind === "access" ? attachment.vlan : attachment.native;
    return vlan === untagged ? null : vlan;
  }
  if (attachment.kind === "access" || attachment.native !== null) return null;
  const named = attachment.policy.guard?.addresses.find(({ vid }) => vid !== null)?.vid;
  return named ?? attachment.tagged[0] ?? null;
};

/** Families in which a NIC has addresses. */
export const familiesOf = (nic: Nic): ReadonlySet<Family> =>
  new Set(
    nic.attachment.kind === "routed"
      ? nic.attachment.addresses.map(familyOf)
      : (nic.attachment.policy.guard?.addresses ?? []).map(({ address }) => familyOf(address)),
  );

const candidates = (
  { name, nics, unmanaged }: LiveDomain,
  { nic: wanted, vlan }: Wish,
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

const vidsOf = ({ attachment }: Nic): readonly Vid[] => {
  if (attachment.kind === "routed") return [];
  if (attachment.kind === "access") return [attachment.vlan];
  return [...attachment.tagged, ...(attachment.native === null ? [] : [attachment.native])];
};

const toChosen = (nic: Nic, vlan: Vid | null, family: Family, own: Address | null): Chosen => {
  const tag = tagOf(nic, vlan);
  const fit = addressesOf(nic, tag).filter(({ address }) => familyOf(address) === family);
  const found = fit.find(({ address }) => address === own) ?? fit[0];
  return { nic, tag, address: found?.address ?? null, shared: found?.shared ?? false };
};

/** Whether two NICs are in one VLAN of one bridge. */
const areNeighbours = (one: Chosen, other: Chosen): boolean => {
  const [a, b] = [one.nic.attachment, other.nic.attachment];
  if (a.kind === "routed" || b.kind === "routed" || a.bridge !== b.bridge) return false;
  const vidOf = ({ nic, tag }: Chosen): Vid | null =>
    tag ??
    (nic.attachment.kind === "access"
      ? nic.attachment.vlan
      : nic.attachment.kind === "trunk"
        ? nic.attachment.native
        : null);
  return vidOf(one) === vidOf(other);
};

/**
 * Chooses the NIC of a guest that sends: one with an address of the family.
 *
 * @param own an address that it must be, if the guest has it
 */
export const chooseNic = (
  domain: LiveDomain,
  wish: Wish,
  family: Family,
  own: Address | null = null,
): Result<Chosen, string> => {
  const nics = candidates(domain, wish);
  if (!nics.ok) return nics;
  const all = nics.value.map((nic) => toChosen(nic, wish.vlan, family, own));
  const best = all.find(({ address }) => address !== null && (own === null || address === own));
  const chosen = best ?? all.find(({ address }) => address !== null) ?? all[0];
  return chosen === undefined ? refused(`guest ${domain.name} has no NIC`) : good(chosen);
};

/** Chooses the NICs of two guests: a pair in one VLAN where there is one, for such guests ask each other directly. */
export const choosePair = (
  from: LiveDomain,
  to: LiveDomain,
  wish: Wish,
  family: Family,
): Result<{ readonly from: Chosen; readonly to: Chosen }, string> => {
  const nics = candidates(from, wish);
  if (!nics.ok) return nics;
  const senders = nics.value.map((nic) => toChosen(nic, wish.vlan, family, null));
  const receivers = to.nics.flatMap((nic) =>
    [null, ...vidsOf(nic)].map((vlan) => toChosen(nic, vlan, family, null)),
  );
  for (const one of senders)
    for (const other of receivers) if (areNeighbours(one, other)) return good({ from: one, to: other });
  const sender = chooseNic(from, wish, family);
  const receiver = chooseNic(to, { nic: null, vlan: null }, family);
  if (!sender.ok) return sender;
  return receiver.ok ? good({ from: sender.value, to: receiver.value }) : receiver;
};
