import { type Address, familyOf, hostLength, type Prefix, toHostPrefix } from "../../values/address.ts";
import { type Arrival, metricAt } from "../../move/arrival.ts";
import { DEFAULT_METRIC, type Fact } from "../facts/fact.ts";
import type { RoutedNic } from "../../guest/nic.ts";
import { linkLocalOf } from "../../values/link-local.ts";
import { tapMac } from "../../values/mac.ts";
import { draftName, type IfName, type Uuid } from "../../values/names.ts";
import { type Demand, FORWARDING, vrfForwarding } from "../facts/demand.ts";
import type { Desired } from "../facts/desired.ts";
import { NO_SCOPE, type OwnTap } from "../facts/scope.ts";
import { familiesOf, tapSettings } from "./tap-settings.ts";
import { sourceCheckFact } from "../nft/source-check.ts";
import { tapAlias } from "../facts/tap-alias.ts";
import { tapGroup } from "../facts/tap-group.ts";

const ownTap = ({ tap, mac, attachment }: RoutedNic, guest: Uuid): OwnTap => ({
  dev: tap,
  alias: tapAlias(guest),
  draft: draftName(mac),
  anycast: attachment.anycast,
});

const isLinkLocal = (address: Address): boolean => /^fe[89ab]/.test(address);

/** The gateway on the tap. A /64 for a link-local one: the guest's own link-local address must be on-link, too. */
const gatewayFact = (dev: IfName, address: Address): Fact => ({
  kind: "address",
  dev,
  address,
  length: isLinkLocal(address) ? 64 : hostLength(address),
});

/**
 * A host route for each address, and one for each network via the first address of its family. Where that is refused (plan/next-hop.ts)
 * an IPv6 network needs a next hop that is a neighbour on the tap.
 */
const routes = ({ tap: dev, mac, attachment }: RoutedNic, arrival: Arrival): readonly Fact[] => {
  const { addresses, prefixes, table, anycast } = attachment;
  const via = (prefix: Prefix): Address | null =>
    addresses.find((address) => familyOf(address) === familyOf(prefix)) ?? null;
  const route = (to: Prefix, hop: Address | null): Fact => {
    const metric = metricAt(arrival, attachment.metric ?? DEFAULT_METRIC[familyOf(to)]);
    return { kind: "route", to, via: hop, dev, table, metric, anycast };
  };
  const neigh: Fact = { kind: "neigh", address: linkLocalOf(mac), dev, mac };
  return [
    ...(prefixes.some((to) => familyOf(to) === "ipv6") ? [neigh] : []),
    ...addresses.map((to) => route(toHostPrefix(to), null)),
    ...prefixes.map((to) => route(to, via(to))),
  ];
};

/** A guest behind a tap of its own: the gateway on the host's side, and a host route for each of its addresses. */
export const desiredRoutedTap = (nic: RoutedNic, guest: Uuid, arrival: Arrival): Desired => {
  const { tap: dev, attachment } = nic;
  const own = ownTap(nic, guest);
  const vrf = attachment.table.kind === "vrf" ? attachment.table.vrf : null;
  const ruled = attachment.antispoof || attachment.reach !== "any";
  const settings = tapSettings(dev, attachment);
  const forwarding = [...familiesOf(attachment)];
  return {
    facts: [
      { kind: "tap", dev, alias: own.alias, draft: own.draft, multiQueue: nic.queues > 1 },
      {
        kind: "link",
        dev,
        master: vrf,
        mac: tapMac(nic.mac),
        group: tapGroup(attachment),
        mtu: nic.mtu ?? 1500,
        up: true,
      },
      ...(ruled ? [sourceCheckFact] : []),
      ...settings,
      ...attachment.gateways.map((gateway) => gatewayFact(dev, gateway)),
      ...routes(nic, arrival),
    ],
    demands: [
      { kind: "own-tap", tap: dev, alias: own.alias },
      ...(vrf === null ? [] : [{ kind: "vrf", tap: dev, vrf } as const]),
      ...forwarding.map((family): Demand => ({ kind: "forwarding", tap: dev, family })),
      ...(vrf !== null && familiesOf(attachment).has("ipv4")
        ? [{ kind: "vrf-forwarding", tap: dev, vrf } as const]
        : []),
    ],
    scope: {
      ...NO_SCOPE,
      links: vrf === null ? [dev] : [dev, vrf],
      taps: [own],
      drafts: [own.draft],
      sysctls: [
        ...settings.map(({ name }) => name),
        ...forwarding.map((family) => FORWARDING[family]),
        ...(vrf === null ? [] : [vrfForwarding(vrf)]),
      ],
      sourceCheck: ruled,
    },
  };
};

/** Nothing of it: what is left after the guest has stopped. */
export const desiredNoTap = (nic: RoutedNic, guest: Uuid): Desired => {
  const own = ownTap(nic, guest);
  return {
    facts: [],
    demands: [],
    scope: { ...NO_SCOPE, links: [own.dev], taps: [own], drafts: [own.draft] },
  };
};
