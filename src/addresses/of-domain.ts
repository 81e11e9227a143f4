import { hostLength } from "../values/address.ts";
import { toHostname } from "../values/hostname.ts";
import { attachmentKind } from "../guest/attachment.ts";
import type { LiveDomain, Nic } from "../guest/nic.ts";
import { OWN, type Sharing } from "../guest/sharing.ts";
import type { UnmanagedNic } from "../guest/unmanaged-nic.ts";
import type { BookedAddress, BookedNic, BookedGuest } from "./book.ts";
import { segmentOn } from "./of-profile.ts";

/** What is on the host says which addresses a routed NIC has, and those that anti-spoofing holds a port to. */
const addressesOf = ({ attachment }: Nic): readonly BookedAddress[] => {
  if (attachment.kind === "routed") {
    const sharing: Sharing = attachment.anycast !== null ? { kind: "anycast" } : OWN;
    return attachment.addresses.map((address) => ({
      ...{ address, length: hostLength(address), segment: { kind: "routed" as const }, sharing },
    }));
  }
  return (attachment.policy.guard?.addresses ?? []).map(({ address, vid, sharedBy }) => ({
    ...{ address, length: hostLength(address), segment: segmentOn(attachment.bridge, attachment, vid) },
    sharing: sharedBy.length === 0 ? OWN : { kind: "guests", guests: sharedBy },
  }));
};

const toNic = (nic: Nic): BookedNic => {
  const { attachment, mac, tap, mtu } = nic;
  const isRouted = attachment.kind === "routed";
  const sharing: Sharing = isRouted && attachment.anycast !== null ? { kind: "anycast" } : OWN;
  return {
    ...{ name: tap, mac, kind: attachment.kind, mtu },
    moreMacs: isRouted ? [] : attachment.policy.macs,
    on: attachmentKind(attachment).port(attachment)?.bridge ?? null,
    vlans: isRouted ? null : attachment,
    addresses: addressesOf(nic),
    prefixes: (isRouted ? attachment.prefixes : []).map((prefix) => ({ prefix, sharing })),
    gateways: isRouted ? attachment.gateways : [],
  };
};

const toUnmanaged = ({ mac, tap, kind, on, vlans }: UnmanagedNic): BookedNic => ({
  ...{ name: tap ?? mac, mac, moreMacs: [], kind, on, vlans, mtu: null },
  ...{ addresses: [], prefixes: [], gateways: [] },
});

/** Returns a running guest. @param host where it runs, or null for this machine */
export const bookedDomain = ({ name, nics, unmanaged }: LiveDomain, host: string | null): BookedGuest => ({
  ...{ name, host, file: null, hostname: toHostname(name), vcpus: null, memoryKib: null },
  nics: [...nics.map(toNic), ...unmanaged.map(toUnmanaged)],
});
