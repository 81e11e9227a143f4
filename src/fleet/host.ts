import { type Attachment, portOf } from "../guest/attachment.ts";
import { vlanSegment } from "../guest/kinds/bridge-port.ts";
import { ROUTED } from "../guest/kinds/routed.ts";
import type { TapAttachment } from "../guest/libvirt-attachment.ts";
import { isPassed, moreMacsOf } from "../guest/profile.ts";
import type { SiteAddressing } from "../guest/site.ts";
import { type Address, toHostPrefix } from "../values/address.ts";
import { type Span, spanOf } from "../values/address-range.ts";
import type { FileIssue, Issue } from "../values/issue.ts";
import { groupBy } from "../values/group-by.ts";
import { errorAt, type FleetGuest, type FleetHost, type FleetRule, warningAt } from "./guest.ts";
import { type NetworkClaim, claimsOf } from "./networks.ts";

/** `VLAN 10 of br0 at host.json:9:20`: a place of host.json, where an editor can jump to. */
const hostPlaceText = ({ file, document }: FleetHost, what: string, path: Issue["path"]): string => {
  const { line, column } = document.locate(path).position;
  return `${what} at ${file}:${line}:${column}`;
};

/** An address of the host itself. */
interface HostAddress {
  readonly address: Address;
  readonly span: Span;
  /** The scope of the address, as a guest's in the same network has it; null outside of every bridge. */
  readonly segment: string | null;
  readonly inVrf: boolean;
  readonly place: string;
}

const hostAddressesOf = (host: FleetHost): readonly HostAddress[] => {
  const addressesOf = (
    { addresses, vrf }: SiteAddressing,
    segment: string | null,
    place: string,
  ): readonly HostAddress[] =>
    addresses.map(({ address }) => {
      const span = spanOf(toHostPrefix(address));
      return { address, span, segment, inVrf: vrf !== null, place };
    });
  const inVlans = [...host.site.bridges.values()].flatMap(({ name, networks }) =>
    networks.flatMap((network) => {
      const segment = vlanSegment(network.vid, name);
      const path = ["bridges", name, "addresses", network.written];
      return addressesOf(network, segment, hostPlaceText(host, segment, path));
    }),
  );
  const outside = host.site.interfaces.flatMap((network) =>
    addressesOf(network, null, hostPlaceText(host, network.name, ["interfaces", network.name])),
  );
  return [...inVlans, ...outside];
};

const covers = ({ span: outer }: NetworkClaim, { span: inner }: HostAddress): boolean =>
  outer.first <= inner.first && inner.last <= outer.last;

/** The kernel takes packets to its own addresses for itself, before any route to a guest (`ip route show table local`). */
const compareAddress = (claim: NetworkClaim, own: HostAddress): FileIssue => {
  const meets = claim.segment === own.segment || (claim.segment === ROUTED && !own.inVrf);
  const found =
    claim.network === toHostPrefix(own.address)
      ? `${claim.text} is also the host's own address`
      : `${claim.text} covers the host's own address ${own.address}`;
  return meets
    ? errorAt(claim, "duplicate", `${found} in ${own.place}: use another`)
    : warningAt(claim, "duplicate", `${found} in ${own.place}, and here in ${claim.segment}`);
};

const addresses = (host: FleetHost, guests: readonly FleetGuest[]): readonly FileIssue[] => {
  const own = hostAddressesOf(host);
  return own.length === 0
    ? []
    : guests.flatMap(claimsOf).flatMap((claim) => {
        const first = own.find((one) => covers(claim, one));
        return first === undefined ? [] : [compareAddress(claim, first)];
      });
};

const macs = (host: FleetHost, guests: readonly FleetGuest[]): readonly FileIssue[] => {
  const bridges = [...host.site.bridges.values()].map(({ name, mac }) => ({ name, mac, key: "bridges" }));
  const bonds = host.site.bonds.map(({ name, mac }) => ({ name, mac, key: "bonds" }));
  const own = new Map([...bridges, ...bonds].map((one) => [one.mac, one]));
  return guests.flatMap((guest) =>
    guest.profile.interfaces.flatMap((nic, index) => {
      const more = moreMacsOf(nic).map((mac, at) => ({ mac, path: ["interfaces", index, "macs", at] }));
      return [{ mac: nic.mac, path: ["interfaces", index, "mac"] }, ...more].flatMap(({ mac, path }) => {
        const device = own.get(mac);
        if (device === undefined) return [];
        const place = hostPlaceText(host, device.name, [device.key, device.name, "mac"]);
        const message = `the MAC address ${mac} is also that of ${place}: use another`;
        return [errorAt({ guest, path }, "duplicate", message)];
      });
    }),
  );
};

const bridgeOf = (attachment: Attachment | TapAttachment): string | null =>
  attachment.kind === "unfiltered" ? attachment.bridge : (portOf(attachment)?.bridge ?? null);

/** A bridge drops frames that are longer than the MTU of the port they leave by (`is_skb_forwardable` in net/core/dev.c). */
const mtus = (host: FleetHost, guests: readonly FleetGuest[]): readonly FileIssue[] =>
  guests.flatMap((guest) =>
    guest.profile.interfaces.flatMap((nic, index) => {
      if (isPassed(nic) || nic.mtu === null) return [];
      const bridge = host.site.bridges.get(bridgeOf(nic.attachment) ?? "");
      if (bridge === undefined || nic.mtu <= (bridge.mtu ?? 1500)) return [];
      const place = { guest, path: ["interfaces", index, "mtu"] };
      const mtu = `MTU ${nic.mtu} exceeds MTU ${bridge.mtu ?? 1500} of`;
      if (bridge.mtu !== null) {
        const where = hostPlaceText(host, bridge.name, ["bridges", bridge.name, "mtu"]);
        return [errorAt(place, "mtu", `${mtu} ${where}: set at most ${bridge.mtu}`)];
      }
      const where = hostPlaceText(host, bridge.name, ["bridges", bridge.name]);
      return [warningAt(place, "mtu", `${mtu} ${where}, which sets none: set it there, or at most 1500`)];
    }),
  );

/** Compares guests with the host that they are for: each host.json with the profiles that belong to it. */
const withHost: FleetRule = (guests) =>
  [...groupBy(guests, ({ host }) => host?.file ?? "").values()].flatMap((group) => {
    const host = group[0]?.host ?? null;
    return host === null ? [] : [addresses, macs, mtus].flatMap((rule) => rule(host, group));
  });

export const hostRules: readonly FleetRule[] = [withHost];
