import {
  type Address,
  type Family,
  familyOf,
  hostLength,
  type Prefix,
  toHostPrefix,
} from "../model/address.ts";
import type { RoutedAttachment } from "../model/attachment.ts";
import type { Fact } from "../model/fact.ts";
import type { RoutedNic } from "../model/guest.ts";
import { tapMac } from "../model/mac.ts";
import { draftName, type IfName, type Uuid } from "../model/names.ts";
import { type Demand, FORWARDING } from "../model/demand.ts";
import type { Desired } from "../model/desired.ts";
import { NO_SCOPE, type OwnTap } from "../model/scope.ts";
import { SOURCE_CHECK_GROUP, sourceCheckFact } from "../model/source-check.ts";

/** What a tap of ours has as its alias: `ip link` then says whose it is, and we never touch one without it. */
export const aliasOf = (guest: Uuid): string => `guestnet:${guest}`;

const ownTap = ({ tap, mac }: RoutedNic, guest: Uuid): OwnTap => ({
  dev: tap,
  alias: aliasOf(guest),
  draft: draftName(mac),
});

const families = (attachment: RoutedAttachment): ReadonlySet<Family> =>
  new Set(attachment.addresses.map(familyOf));

const isLinkLocal = (address: Address): boolean => /^fe[89ab]/.test(address);

/** The gateway on the tap. A /64 for a link-local one: the guest's own link-local address must be on-link, too. */
const gatewayFact = (dev: IfName, address: Address): Fact => ({
  kind: "address",
  dev,
  address,
  length: isLinkLocal(address) ? 64 : hostLength(address),
});

const routes = (dev: IfName, attachment: RoutedAttachment): readonly Fact[] => {
  const via = (prefix: Prefix): Address | null =>
    attachment.addresses.find((address) => familyOf(address) === familyOf(prefix)) ?? null;
  return [
    ...attachment.addresses.map((to): Fact => ({ kind: "route", to: toHostPrefix(to), via: null, dev })),
    ...attachment.prefixes.map((to): Fact => ({ kind: "route", to, via: via(to), dev })),
  ];
};

const sysctls = (dev: IfName, attachment: RoutedAttachment): readonly Fact[] => {
  const set = (family: Family, setting: string, on: boolean): Fact => ({
    kind: "sysctl",
    name: `net/${family}/conf/${dev}/${setting}`,
    value: on ? "1" : "0",
  });
  const has = families(attachment);
  const ipv4 = [
    set("ipv4", "forwarding", has.has("ipv4")),
    set("ipv4", "accept_redirects", false),
    set("ipv4", "send_redirects", false),
  ];
  const ipv6 = [
    set("ipv6", "disable_ipv6", false),
    // 1 is "none" (ip-sysctl, addr_gen_mode): a link-local address of the kernel's own would stand beside the gateway.
    set("ipv6", "addr_gen_mode", true),
    set("ipv6", "forwarding", true),
    set("ipv6", "accept_ra", false),
    set("ipv6", "accept_redirects", false),
  ];
  return has.has("ipv6") ? [...ipv4, ...ipv6] : [...ipv4, set("ipv6", "disable_ipv6", true)];
};

/** A guest behind a tap of its own: the gateway on the host's side, and a host route for each of its addresses. */
export const desiredRoutedTap = (nic: RoutedNic, guest: Uuid): Desired => {
  const { tap: dev, attachment } = nic;
  const own = ownTap(nic, guest);
  const { alias } = own;
  const settings = sysctls(dev, attachment);
  const forwarding = [...families(attachment)];
  return {
    facts: [
      { kind: "tap", ...own, multiQueue: nic.queues > 1 },
      {
        kind: "link",
        dev,
        mac: tapMac(nic.mac),
        group: attachment.antispoof ? SOURCE_CHECK_GROUP : 0,
        mtu: nic.mtu ?? 1500,
        up: true,
      },
      ...(attachment.antispoof ? [sourceCheckFact] : []),
      ...settings,
      ...attachment.gateways.map((gateway) => gatewayFact(dev, gateway)),
      ...routes(dev, attachment),
    ],
    demands: [
      { kind: "own-tap", tap: dev, alias },
      ...forwarding.map((family): Demand => ({ kind: "forwarding", tap: dev, family })),
    ],
    scope: {
      ...NO_SCOPE,
      links: [dev],
      taps: [own],
      sysctls: [
        ...settings.flatMap((fact) => (fact.kind === "sysctl" ? [fact.name] : [])),
        ...forwarding.map((family) => FORWARDING[family]),
      ],
      sourceCheck: attachment.antispoof,
    },
  };
};

/** Nothing of it: what is left after the guest has stopped. */
export const desiredNoTap = (nic: RoutedNic, guest: Uuid): Desired => ({
  facts: [],
  demands: [],
  scope: { ...NO_SCOPE, links: [nic.tap], taps: [ownTap(nic, guest)] },
});
