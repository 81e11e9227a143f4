import type { LiveLink } from "../../live-network/live-network.ts";
import type { Line } from "../managers.ts";
import { ip } from "./command.ts";

/** Kinds of devices that a network manager makes, and that can be made again from what was read of them. */
const MADE: ReadonlySet<string | null> = new Set(["bridge", "bond", "vlan", "vxlan", "vrf", "dummy"]);

const isMade = ({ kind }: LiveLink): boolean => MADE.has(kind);

/** A guest's tap, or another device that lives with something else than the host's configuration. */
const isOthers = ({ kind, type }: LiveLink): boolean =>
  type === "loopback" || (kind !== null && !MADE.has(kind) && kind !== "veth");

/** The devices whose settings are restored. */
export const restoredLinks = (links: readonly LiveLink[]): readonly LiveLink[] =>
  links.filter((link) => !isOthers(link));

const onOff = (on: boolean): 0 | 1 => (on ? 1 : 0);

/** The words behind `type KIND`. */
const typeWords = ({ bridge, bond, vlan, vrf, vxlan }: LiveLink): readonly (string | number)[] => {
  if (bridge !== null)
    return [
      ...["vlan_filtering", onOff(bridge.filtering), "vlan_default_pvid", bridge.defaultPvid],
      ...["stp_state", onOff(bridge.stp)],
    ];
  if (bond !== null)
    return [
      ...["mode", bond.mode],
      ...(bond.miimon === null ? [] : ["miimon", bond.miimon]),
      // The kernel refuses it in any other mode (bonding.rst).
      ...(bond.lacpRate === null || bond.mode !== "802.3ad" ? [] : ["lacp_rate", bond.lacpRate]),
      ...(bond.hashPolicy === null ? [] : ["xmit_hash_policy", bond.hashPolicy]),
      ...(bond.minLinks === null ? [] : ["min_links", bond.minLinks]),
      ...(bond.primary === null ? [] : ["primary", bond.primary]),
    ];
  if (vlan !== null) return ["protocol", vlan.protocol, "id", vlan.id];
  if (vrf !== null) return ["table", vrf.table];
  if (vxlan === null) return [];
  return [
    ...(vxlan.external ? ["external"] : ["id", vxlan.vni ?? 0]),
    ...(vxlan.vnifilter ? ["vnifilter"] : []),
    ...["dstport", vxlan.port],
    ...(vxlan.local === null ? [] : ["local", vxlan.local]),
    ...(vxlan.learning ? [] : ["nolearning"]),
  ];
};

const create = (link: LiveLink): Line =>
  ip(
    ...["link", "add", ...(link.lower === null ? [] : ["link", link.lower])],
    ...["name", link.name, "address", link.mac, "type", link.kind ?? "", ...typeWords(link)],
  );

/** Devices below come before those above: a VLAN device is created on the bridge that it needs. */
const inOrder = (links: readonly LiveLink[]): readonly LiveLink[] => {
  const depth = (link: LiveLink, seen: readonly string[] = []): number => {
    const below = links.find(({ name }) => name === link.lower);
    return below === undefined || seen.includes(below.name) ? 0 : 1 + depth(below, [...seen, link.name]);
  };
  return [...links].sort((a, b) => depth(a) - depth(b));
};

/** A device of the same name and kind: another kind has to go first. */
const isSame = (a: LiveLink, b: LiveLink): boolean =>
  a.name === b.name && a.kind === b.kind && a.lower === b.lower && a.vlan?.id === b.vlan?.id;

/**
 * Returns what deletes the devices that were not there.
 *
 * @param tried names of the devices that the new configuration has: others may be of libvirt or of a container
 */
export const deleteNew = (
  before: readonly LiveLink[],
  now: readonly LiveLink[],
  tried: ReadonlySet<string>,
): readonly Line[] =>
  [...inOrder(now.filter(isMade))]
    .reverse()
    .filter((link) => {
      const old = before.find(({ name }) => name === link.name);
      return old === undefined ? tried.has(link.name) : !isSame(old, link);
    })
    .map(({ name }) => ip("link", "delete", "dev", name));

/** Returns the devices that can be made again, each after those below it, with what makes it. */
export const makersOf = (
  links: readonly LiveLink[],
): readonly { readonly link: LiveLink; readonly line: Line }[] =>
  inOrder(links.filter(isMade)).map((link) => ({ link, line: create(link) }));

/** Returns what creates the devices that are gone. */
export const createGone = (before: readonly LiveLink[], now: readonly LiveLink[]): readonly Line[] =>
  makersOf(before.filter((link) => !now.some((one) => isSame(one, link)))).map(({ line }) => line);

const DEFAULTS: Pick<LiveLink, "master" | "up"> = { master: null, up: false };

/** Returns what gives a device its settings back. A port of a bond has to be down when it joins (bonding.rst). */
const resetLink = (old: LiveLink, found: LiveLink | undefined, isBondPort: boolean): readonly Line[] => {
  const now = found ?? { ...old, ...DEFAULTS };
  const set = (...words: readonly (string | number)[]): Line => ip("link", "set", "dev", old.name, ...words);
  const { bridge: was } = old;
  const moves = now.master !== old.master;
  return [
    ...(moves && isBondPort ? [set("down")] : []),
    ...(moves ? [old.master === null ? set("nomaster") : set("master", old.master)] : []),
    ...(now.mac === old.mac || isBondPort ? [] : [set("address", old.mac)]),
    ...(now.mtu === old.mtu ? [] : [set("mtu", old.mtu)]),
    ...(was !== null && JSON.stringify(was) !== JSON.stringify(now.bridge)
      ? [set("type", "bridge", ...typeWords(old))]
      : []),
    ...(now.up === old.up && !(moves && isBondPort) ? [] : [set(old.up ? "up" : "down")]),
  ];
};

/** Returns the devices whose settings are restored: bridges and bonds before their ports. */
export const mastersFirst = (links: readonly LiveLink[]): readonly LiveLink[] => {
  const masters = new Set(links.map(({ master }) => master));
  const rank = ({ name, master }: LiveLink): number => (masters.has(name) ? 0 : master === null ? 2 : 1);
  return [...restoredLinks(links)].sort((a, b) => rank(a) - rank(b));
};

/** Returns what gives all devices their masters, MTUs, addresses and states back: bridges and bonds first. */
export const resetLinks = (before: readonly LiveLink[], now: readonly LiveLink[]): readonly Line[] => {
  const bonds = new Set(before.filter(({ bond }) => bond !== null).map(({ name }) => name));
  return mastersFirst(before).flatMap((old) =>
    resetLink(
      old,
      now.find((link) => isSame(link, old)),
      bonds.has(old.master ?? ""),
    ),
  );
};
