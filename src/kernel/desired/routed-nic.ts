import type { RoutedAttachment } from "../../guest/kinds/routed.ts";
import type { RoutedNic } from "../../guest/nic.ts";
import { type Arrival, metricAt } from "../../move/arrival.ts";
import {
  type Address,
  type Family,
  familyOf,
  hostLength,
  linkLocalOf,
  type Prefix,
  toHostPrefix,
} from "../../values/address.ts";
import { never } from "../../values/brand.ts";
import { tapMac } from "../../values/mac.ts";
import { draftName, type IfName, type Uuid } from "../../values/names.ts";
import { type Demand, FORWARDING, PROXY_NDP, vrfForwarding } from "../facts/demand.ts";
import { combine, type Desired } from "../facts/desired.ts";
import type { Fact } from "../facts/fact.ts";
import type { NeighProxyFact } from "../facts/route/neigh-proxy.ts";
import { DEFAULT_METRIC } from "../facts/route/route.ts";
import { type Lookup, NO_SCOPE, type OwnTap } from "../facts/scope.ts";
import { sourceCheckFact } from "../facts/filter/source-check.ts";
import type { SysctlFact } from "../facts/tap/sysctl.ts";
import { tapAlias } from "../facts/tap/tap.ts";
import { tapGroup } from "../facts/tap/tap-group.ts";
import type { DesireOf } from "./operation.ts";

/** The families that the guest has addresses of. */
const familiesOf = (attachment: RoutedAttachment): ReadonlySet<Family> =>
  new Set(attachment.addresses.map(familyOf));

/** The settings of a routed tap, of both families: of the one that the guest has not there is nothing on it. */
const tapSettings = (dev: IfName, attachment: RoutedAttachment): readonly SysctlFact[] => {
  const set = (family: Family, setting: string, on: boolean): SysctlFact => ({
    kind: "sysctl",
    name: `net/${family}/conf/${dev}/${setting}`,
    value: on ? "1" : "0",
  });
  const has = familiesOf(attachment);
  const ipv4 = [
    set("ipv4", "forwarding", has.has("ipv4")),
    set("ipv4", "accept_redirects", false),
    set("ipv4", "send_redirects", false),
    // ARP has no reverse path filter but this: a question in another's name is not answered, and makes no neighbour
    // (ip-sysctl, arp_filter; arp_process). The table of neighbours is the whole host's, and full at some time.
    set("ipv4", "arp_filter", attachment.antispoof),
  ];
  const ipv6 = [
    set("ipv6", "disable_ipv6", false),
    // 1 is "none" (ip-sysctl, addr_gen_mode): otherwise the kernel adds a link-local address next to the gateway.
    set("ipv6", "addr_gen_mode", true),
    set("ipv6", "forwarding", true),
    set("ipv6", "accept_ra", false),
    set("ipv6", "accept_redirects", false),
  ];
  return has.has("ipv6") ? [...ipv4, ...ipv6] : [...ipv4, set("ipv6", "disable_ipv6", true)];
};

const ownTap = ({ tap, mac, attachment }: RoutedNic, guest: Uuid): OwnTap => ({
  dev: tap,
  alias: tapAlias(guest),
  draft: draftName(mac),
  anycast: attachment.anycast !== null,
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
 * an IPv6 network needs a next hop that is a neighbour on the tap. So it always does while the guest is coming: a routing daemon may
 * learn the guest's address from the other host after the hook has looked, and before it adds the route.
 */
const routes = ({ tap: dev, mac, attachment }: RoutedNic, arrival: Arrival): readonly Fact[] => {
  const { addresses, prefixes, table, anycast } = attachment;
  const via = (prefix: Prefix): Address | null => {
    const family = familyOf(prefix);
    const own = addresses.find((address) => familyOf(address) === family) ?? null;
    return own !== null && family === "ipv6" && arrival === "coming" ? linkLocalOf(mac) : own;
  };
  const route = (to: Prefix, hop: Address | null): Fact => {
    const metric = metricAt(arrival, attachment.metric ?? DEFAULT_METRIC[familyOf(to)]);
    return { kind: "route", to, via: hop, dev, table, metric, anycast: anycast !== null };
  };
  const neigh: Fact = { kind: "neigh", address: linkLocalOf(mac), dev, mac };
  return [
    ...(prefixes.some((to) => familyOf(to) === "ipv6") ? [neigh] : []),
    ...(arrival === "withdrawn"
      ? []
      : [
          ...addresses.map((to) => route(toHostPrefix(to), null)),
          ...prefixes.map((to) => route(to, via(to))),
        ]),
  ];
};

/** A guest behind a tap of its own: the gateway on the host's side, and a host route for each of its addresses. */
const routedTap = (nic: RoutedNic, guest: Uuid, arrival: Arrival): Desired => {
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
const noTap = (nic: RoutedNic, guest: Uuid): Desired => {
  const own = ownTap(nic, guest);
  return {
    facts: [],
    demands: [],
    scope: { ...NO_SCOPE, links: [own.dev], taps: [own], drafts: [own.draft] },
  };
};

const proxiesOf = ({ attachment: { addresses, proxyOn } }: RoutedNic): readonly NeighProxyFact[] =>
  proxyOn.flatMap((dev) =>
    addresses.map((address): NeighProxyFact => ({ kind: "neigh-proxy", address, dev })),
  );

/** On the uplinks that the profile names the host answers for the guest's addresses, and for no other (ip-neighbour(8)). */
const neighProxies = (nic: RoutedNic): Desired => {
  const { tap, attachment } = nic;
  const { proxyOn } = attachment;
  const ipv6 = proxyOn.length > 0 && familiesOf(attachment).has("ipv6");
  return {
    facts: proxiesOf(nic),
    demands: [
      ...proxyOn.map((uplink): Demand => ({ kind: "uplink", tap, uplink })),
      ...(ipv6 ? [{ kind: "proxy-ndp", tap } as const] : []),
    ],
    scope: { ...NO_SCOPE, links: proxyOn, proxies: proxiesOf(nic), sysctls: ipv6 ? [PROXY_NDP] : [] },
  };
};

/** An uplink outlives the tap, and so do the host's answers there. */
const noNeighProxies = (nic: RoutedNic): Desired => ({
  facts: [],
  demands: [],
  scope: { ...NO_SCOPE, proxies: proxiesOf(nic) },
});

/** Before a tap is made: that nothing else on the host has the guest's addresses and networks. */
const requireFreeNetworks = ({ tap, attachment }: RoutedNic): Desired => {
  const { addresses, prefixes, table, anycast } = attachment;
  const lookups = [...addresses.map(toHostPrefix), ...prefixes].map((to): Lookup => ({ to, table }));
  return {
    facts: [],
    demands: lookups.map((lookup): Demand => ({ kind: "free", tap, lookup, anycast: anycast !== null })),
    scope: { ...NO_SCOPE, lookups },
  };
};

/** The host's answers on its uplinks. While the guest is coming, the other host gives them. */
const answers = (nic: RoutedNic, arrival: Arrival): Desired => {
  const desired = neighProxies(nic);
  return arrival === "coming" ? { ...desired, facts: [] } : desired;
};

/** All that a routed NIC needs of the host, wherever its guest is on its way here. */
export const desiredRoutedNic = (nic: RoutedNic, guest: Uuid, arrival: Arrival): Desired =>
  combine([routedTap(nic, guest, arrival), answers(nic, arrival)]);

/** A routed NIC: its tap is complete since `prepare`, libvirt leaves it alone (managed='no'), and it outlives QEMU. */
export const desireOfRoutedNic: DesireOf<RoutedAttachment> = (operation, nic, { guest, arrival }) => {
  switch (operation) {
    case "prepare":
      return combine([desiredRoutedNic(nic, guest, arrival), requireFreeNetworks(nic)]);
    case "start":
      return null;
    case "reconnect":
      return desiredRoutedNic(nic, guest, arrival);
    case "release":
      return combine([noNeighProxies(nic), noTap(nic, guest)]);
    default:
      return never(operation);
  }
};
