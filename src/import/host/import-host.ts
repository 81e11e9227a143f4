import { groupBy } from "../../values/group-by.ts";
import type { BridgeMap } from "../to-profile/bridge-map.ts";
import { type LiveLink, type LiveNetwork, devicesIn } from "../../live-network/live-network.ts";
import { addressingOf } from "./addressing.ts";
import { bondOf } from "./bond.ts";
import { bridgeOf, ETHERNET_MTU, type NewBridge } from "./bridge.ts";
import { bridgesOf, isGuests } from "./bridges.ts";
import { type HostEntry, HostReport } from "./host-report.ts";
import { reportRoutes, routedOf } from "./routed.ts";
import type { HostText, InterfaceText } from "./written-host.ts";

/** The description of a running host. */
export interface ImportedHost {
  readonly host: HostText;
  readonly entries: readonly HostEntry[];
  /** Rules of --bridge-map for per-VLAN bridges that have none. */
  readonly rules: readonly string[];
  /** Names of its bridges, for rules of --bridge-map that are for none. */
  readonly bridges: readonly string[];
}

/** Kinds of devices that `host.json` has no word for, unless a part of it is made of them. */
const isPlain = ({ kind, type }: LiveLink): boolean =>
  type === "ether" && (kind === null || kind === "veth" || kind === "bond" || kind === "dummy");

/** The interfaces that are no part of a bridge or bond, and on which the host has addresses. */
const interfacesOf = (
  done: ReadonlySet<string>,
  network: LiveNetwork,
  report: HostReport,
): Readonly<Record<string, InterfaceText>> =>
  Object.fromEntries(
    network.links.flatMap((link): readonly (readonly [string, InterfaceText])[] => {
      if (done.has(link.name) || link.type === "loopback" || link.vrf !== null) return [];
      if (isGuests(link)) {
        report.dropped(link.name, "a guest's tap: libvirt or the hook makes it");
        return [];
      }
      const own = addressingOf(link.name, link.master, network, report);
      if (isPlain(link)) {
        if (own === null) {
          if (link.up) report.dropped(link.name, "it has no address, and belongs to no bridge");
          return [];
        }
        report.taken(link.name, "an interface with addresses of the host");
        return [[link.name, { ...own, ...(link.mtu === ETHERNET_MTU ? {} : { mtu: link.mtu }) }]];
      }
      if (own !== null || link.up) {
        const text = `host.json has no key for a device of kind ${link.kind ?? link.type}`;
        report.dropped(link.name, text, own !== null);
      }
      return [];
    }),
  );

const isEmpty = (object: object): boolean => Object.keys(object).length === 0;

/**
 * Describes a running host as `host.json`. Nothing is guessed: what it has no key for is in the report.
 *
 * @param map the new bridge of each per-VLAN bridge
 */
export const importHost = (network: LiveNetwork, map: BridgeMap): ImportedHost => {
  const report = new HostReport();
  const olds = bridgesOf(network, map, report);
  const bridges: readonly NewBridge[] = [...groupBy(olds, ({ target }) => target)].map(([target, group]) =>
    bridgeOf(target, group, network, report),
  );
  const bonds = network.links.flatMap((link) => {
    const bond = bondOf(link, devicesIn(network, link.name), report);
    return bond === null ? [] : [[link.name, bond] as const];
  });
  const renamed = new Map(bridges.flatMap((bridge) => [...bridge.renamed]));
  const done = new Set([
    ...network.links.flatMap(({ name, bridge }) => (bridge === null ? [] : [name])),
    ...network.links.flatMap(({ name, master }) =>
      master !== null && network.links.some((link) => link.name === master && link.vrf === null)
        ? [name]
        : [],
    ),
    ...bridges.flatMap(({ written }) => written.uplinks),
    ...renamed.keys(),
  ]);
  const interfaces = interfacesOf(done, network, report);
  const routed = routedOf(Object.keys(interfaces), renamed, network, report);
  reportRoutes(new Set([...renamed.keys(), ...Object.keys(interfaces)]), network, report);
  const host: HostText = {
    ...(bonds.length === 0 ? {} : { bonds: Object.fromEntries(bonds) }),
    ...(bridges.length === 0
      ? {}
      : { bridges: Object.fromEntries(bridges.map(({ name, written }) => [name, written])) }),
    ...(isEmpty(interfaces) ? {} : { interfaces }),
    ...(routed === null ? {} : { routed }),
  };
  return {
    host,
    entries: report.entries,
    rules: report.rules,
    bridges: network.links.flatMap(({ name, bridge }) => (bridge === null ? [] : [name])),
  };
};
