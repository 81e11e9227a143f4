import { hostLength } from "../values/address.ts";
import { toHostname } from "../values/hostname.ts";
import { attachmentKind } from "../guest/attachment.ts";
import type { LiveDomain, Nic } from "../guest/nic.ts";
import type { UnmanagedNic } from "../guest/unmanaged-nic.ts";
import type { BookedNic, BookedGuest } from "./book.ts";
import { segmentAt } from "./of-profile.ts";

/** What is on the host says which addresses a routed NIC has, and those that anti-spoofing holds a port to. */
const toNic = ({ attachment, mac, tap, mtu }: Nic): BookedNic => {
  const kind = attachmentKind(attachment);
  const port = kind.port(attachment);
  const known = kind.networks(attachment);
  return {
    ...{ name: tap, mac, kind: attachment.kind, mtu },
    moreMacs: port?.policy.macs ?? [],
    on: port?.bridge ?? null,
    vlans: port?.vlans ?? null,
    addresses: known.flatMap(({ address, vid, sharing }) =>
      address === null
        ? []
        : [{ address, length: hostLength(address), segment: segmentAt(port, vid), sharing }],
    ),
    prefixes: known.flatMap(({ address, prefix, sharing }) =>
      address === null ? [{ prefix, sharing }] : [],
    ),
    gateways: kind.gateways(attachment),
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
