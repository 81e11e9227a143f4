import { familyOf, hostLength } from "../values/address.ts";
import { never } from "../values/brand.ts";
import type { Vid } from "../values/vid.ts";
import { type GuestNetwork, staticAddresses } from "../guest/guest-side.ts";
import { isHooked, portOf, prefixesOf, sharingOf } from "../guest/attachment.ts";
import type { BridgePort } from "../guest/port-policy.ts";
import { type PortVlans, untaggedVid } from "../guest/port-vlans.ts";
import { isPassed, moreMacsOf, type Profile, type ProfileNic } from "../guest/profile.ts";
import type { BookedAddress, BookedGuest, BookedNic, Segment } from "./book.ts";

const OTHER: Segment = { kind: "other" };
const ROUTED: Segment = { kind: "routed" };

/** The bridge, network or device of a NIC, and its VLANs. */
const placeOf = ({ attachment }: ProfileNic): Pick<BookedNic, "on" | "vlans"> => {
  if (isHooked(attachment)) {
    const port = portOf(attachment);
    return { on: port?.bridge ?? null, vlans: port?.vlans ?? null };
  }
  switch (attachment.kind) {
    case "ovs":
      return { on: attachment.bridge, vlans: attachment.vlans };
    case "unfiltered":
      return { on: attachment.bridge, vlans: null };
    case "network":
      return { on: attachment.network, vlans: null };
    case "macvtap":
      return { on: attachment.source, vlans: null };
    case "hostdev": {
      const { domain, bus, slot, function: fn } = attachment.source;
      const vlan = attachment.vlan;
      return {
        on: `${domain}:${bus}:${slot}.${fn}`,
        vlans: vlan === null ? null : { kind: "access", vlan },
      };
    }
    default:
      return never(attachment);
  }
};

/** Returns the network of a port's frames: in a tagged VLAN or, for null, untagged. */
const segmentOn = (bridge: string | null, vlans: PortVlans | null, tagged: Vid | null): Segment => {
  const vid = tagged ?? (vlans === null ? null : untaggedVid(vlans));
  return bridge === null || vid === null ? OTHER : { kind: "vlan", bridge, vid };
};

/** Returns the network of an address of a NIC that the hook manages: of its port or, without one, of the routing tables. */
export const segmentAt = (port: BridgePort | null, tagged: Vid | null): Segment =>
  port === null ? ROUTED : segmentOn(port.bridge, port.vlans, tagged);

const toNic = (nic: ProfileNic): BookedNic => {
  const { attachment, inside, mac } = nic;
  const place = placeOf(nic);
  const own = sharingOf(attachment);
  const inNetwork = (network: GuestNetwork, tagged: Vid | null): readonly BookedAddress[] => {
    const segment = isHooked(attachment)
      ? segmentAt(portOf(attachment), tagged)
      : segmentOn(place.on, place.vlans, tagged);
    const statics = staticAddresses(network);
    // A shared address has no length of its own: it is in the network of the guest's own one.
    const lengthFor = (family: string): number | undefined =>
      statics.find(({ address }) => familyOf(address) === family)?.length;
    const owned = statics.map(({ address, length }) => ({ address, length, segment, sharing: own }));
    if (network.shared.length === 0) return owned;
    return [
      ...owned,
      ...network.shared.map(({ address, guests }) => ({
        ...{ address, length: lengthFor(familyOf(address)) ?? hostLength(address), segment },
        sharing: { kind: "guests" as const, guests },
      })),
    ];
  };
  const networks = [inside.untagged, ...inside.tagged];
  return {
    name: isPassed(nic) ? mac : nic.tap,
    mac,
    kind: attachment.kind,
    on: place.on,
    vlans: place.vlans,
    moreMacs: moreMacsOf(nic),
    mtu: isPassed(nic) ? null : nic.mtu,
    addresses: [
      ...inNetwork(inside.untagged, null),
      ...inside.tagged.flatMap((network) => inNetwork(network, network.vid)),
    ],
    prefixes: prefixesOf(attachment).map((prefix) => ({ prefix, sharing: own })),
    gateways: networks.flatMap(({ addressing }) => (addressing.kind === "static" ? addressing.gateways : [])),
  };
};

/**
 * Returns a guest of a profile.
 *
 * @param host the name in its host.json, or null
 */
export const bookedProfile = (profile: Profile, file: string, host: string | null): BookedGuest => ({
  name: profile.name,
  host,
  file,
  hostname: profile.cloudInit.hostname,
  vcpus: profile.vcpus?.count ?? null,
  memoryKib: profile.memory.kib,
  nics: profile.interfaces.map(toNic),
});
