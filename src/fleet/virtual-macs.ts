import { portOf } from "../guest/attachment.ts";
import { vlanSegment } from "../guest/kinds/bridge-port.ts";
import { mayShare } from "../guest/sharing.ts";
import { isVirtualRouter, type Mac } from "../values/mac.ts";
import type { FileIssue } from "../values/issue.ts";
import { groupBy } from "../values/group-by.ts";
import { conflictingPairs } from "./conflicting-pairs.ts";
import { errorAt, type FleetGuest, type ProfilePlace, type FleetRule, profilePlaceText } from "./guest.ts";
import { type NetworkClaim, claimsOf } from "./networks.ts";

/** The MAC address of a virtual router that a NIC may use. */
interface VirtualMac extends ProfilePlace {
  readonly mac: Mac;
  /** The VLANs of the NIC. In each of them the number of a virtual router means another one (RFC 9568, 5.2.3). */
  readonly segments: readonly string[];
  readonly addresses: readonly NetworkClaim[];
}

const virtualMacsOf = (guest: FleetGuest): readonly VirtualMac[] => {
  const claims = claimsOf(guest);
  return guest.profile.interfaces.flatMap((nic, index): readonly VirtualMac[] => {
    const port = portOf(nic.attachment);
    if (port === null) return [];
    const segments = port.vids.map((vid) => vlanSegment(vid, port.bridge));
    const addresses = claims.filter(({ path }) => path[1] === index);
    return port.policy.macs.flatMap((mac, at) =>
      isVirtualRouter(mac)
        ? [{ guest, path: ["interfaces", index, "macs", at], mac, segments, addresses }]
        : [],
    );
  });
};

const shareAnAddress = (one: VirtualMac, other: VirtualMac): boolean => {
  const of = ({ guest, sharing }: NetworkClaim) => ({ guest: guest.profile.name, sharing });
  return one.addresses.some((claim) =>
    other.addresses.some(
      (again) =>
        claim.network === again.network && claim.segment === again.segment && mayShare(of(claim), of(again)),
    ),
  );
};

/** The VLAN in which two guests both use the address of one virtual router, and share no address there. */
const meetsIn = (one: VirtualMac, other: VirtualMac): string | undefined =>
  one.guest === other.guest || shareAnAddress(one, other)
    ? undefined
    : one.segments.find((segment) => other.segments.includes(segment));

/** Guests with one virtual router share its addresses; to any other guest in the VLAN its MAC address is taken. */
export const virtualMacRule: FleetRule = (guests) =>
  [...groupBy(guests.flatMap(virtualMacsOf), ({ mac }) => mac).values()].flatMap(
    (group): readonly FileIssue[] =>
      conflictingPairs(group, (one, other) => meetsIn(one, other) !== undefined).map(([one, other]) =>
        errorAt(
          one,
          "duplicate",
          `the MAC address ${one.mac} of a virtual router is also used in ${meetsIn(one, other) ?? ""} by ${profilePlaceText(other)}: name each other in "sharedAddresses", or use another`,
        ),
      ),
  );
