import { type Prefix, toHostPrefix } from "../values/address.ts";
import { attachmentKind } from "../guest/attachment-kind.ts";
import { isHooked } from "../guest/libvirt-attachment.ts";
import type { ProfileNic } from "../guest/profile.ts";
import { never } from "../values/brand.ts";
import { type Span, spanOf } from "../values/address-range.ts";
import type { FleetGuest, Place } from "./guest.ts";

/** A network of a guest's, an address being a network of one. */
export interface Claim extends Place {
  readonly network: Prefix;
  readonly span: Span;
  /** As it was written: without the length that every address has. */
  readonly text: string;
  /** Where the address is known: two of them that differ never meet in one neighbour table. */
  readonly segment: string;
  /** Other guests that say the same may have it as well. */
  readonly anycast: boolean;
}

/** The host's routing table, or the VLAN in which a guest's untagged frames are. */
const segmentOf = (attachment: ProfileNic["attachment"]): string => {
  if (isHooked(attachment)) return attachmentKind(attachment).segment(attachment);
  switch (attachment.kind) {
    case "unfiltered":
      return `bridge ${attachment.bridge}`;
    case "ovs":
      return `Open vSwitch ${attachment.bridge} ${JSON.stringify(attachment.vlans)}`;
    case "network":
      return `network ${attachment.network} ${attachment.portgroup ?? ""}`.trimEnd();
    case "macvtap":
      return `the network of ${attachment.source}`;
    case "hostdev":
      return `VLAN ${attachment.vlan ?? "none"} of the network card`;
    default:
      return never(attachment);
  }
};

/** Every address and prefix of a guest, where it stands in its file. */
export const claimsOf = (guest: FleetGuest): readonly Claim[] =>
  guest.profile.interfaces.flatMap(({ attachment, inside }, nic) => {
    const segment = segmentOf(attachment);
    const claim = (network: Prefix, text: string, key: string, index: number): Claim => ({
      guest,
      path: ["interfaces", nic, key, index],
      network,
      text,
      span: spanOf(network),
      segment,
      anycast: attachment.kind === "routed" && attachment.anycast,
    });
    return [
      ...inside.addresses.map(({ address }, index) =>
        claim(toHostPrefix(address), address, "addresses", index),
      ),
      ...(attachment.kind === "routed" ? attachment.prefixes : []).map((prefix, index) =>
        claim(prefix, prefix, "prefixes", index),
      ),
    ];
  });
