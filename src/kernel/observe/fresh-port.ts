import type { Fact, PortFlagFact, PortVlanFact } from "../facts/fact.ts";
import type { Host } from "../host.ts";
import type { Link } from "../facts/link.ts";
import type { IfName } from "../../values/names.ts";
import { PORT_GROUPS } from "../nft/port-guard.ts";
import type { FreshPort, Scope } from "../facts/scope.ts";
import { toVid } from "../../values/vid.ts";
import { PORT_FLAGS } from "./port-flag.ts";
import { NOTHING_SEEN, type Seen } from "./question.ts";

const NET = "/sys/class/net";

const link = (name: IfName, kind: string, more: Partial<Link>): Link => ({
  ...{ name, kind, master: null, alias: null, mac: "", group: 0, mtu: 0, up: true, tap: null, bridge: null },
  vrf: null,
  ...more,
});

/** What the kernel's own files say of a port and its bridge; nothing when they say that something is not as it should be. */
const readPort = ({ port, bridge }: FreshPort, host: Host): readonly Link[] => {
  if (host.readFile(`${NET}/${bridge}/brif/${port}/port_no`) === null) return [];
  if (host.readFile(`${NET}/${bridge}/bridge/vlan_filtering`) !== "1") return [];
  const pvid = host.readFile(`${NET}/${bridge}/bridge/default_pvid`);
  const group = host.readFile(`${NET}/${port}/netdev_group`);
  if (pvid === null || group === null) return [];
  return [
    link(port, "tun", { master: bridge, group: Number(group) }),
    link(bridge, "bridge", { bridge: { vlanFiltering: true, defaultPvid: Number(pvid) } }),
  ];
};

/**
 * Looks at ports that libvirt has just made, and at their bridges, where asking `ip` would be a process.
 *
 * @returns null when there is anything else to look at, or something is not as it should be: `ip` will tell what
 */
export const readFreshPorts = ({ fresh, ports, trunkings }: Scope, host: Host): Seen | null => {
  if (fresh.length === 0 || fresh.length < ports.length) return null;
  if (trunkings.some(({ mode }) => mode === "follow-guests")) return null;
  const read = fresh.map((one) => readPort(one, host));
  if (read.some((links) => links.length === 0)) return null;
  const links = read.flat();
  const groups = links.flatMap(({ name: port, kind, group }): readonly Fact[] =>
    kind === "tun" && PORT_GROUPS.includes(group) ? [{ kind: "port-group", port, group }] : [],
  );
  return { ...NOTHING_SEEN, links, facts: groups };
};

/**
 * What must be true of such ports as the kernel makes them (br_add_if): in the bridge's default VLAN, learning, with no other flag
 * and no static entry. Nobody else knows their names yet. Whoever relies on it looks afterwards.
 */
export const expectOfFreshPorts = (links: readonly Link[]): Seen => {
  const bridges = new Map(links.map(({ name, bridge }) => [String(name), bridge]));
  const facts = links.flatMap(({ name: port, master }): readonly (PortVlanFact | PortFlagFact)[] => {
    if (master === null) return [];
    const vid = toVid(bridges.get(master)?.defaultPvid ?? 0);
    const flags = PORT_FLAGS.map((flag): PortFlagFact => ({
      ...{ kind: "port-flag", port, flag },
      on: flag === "learning",
    }));
    return vid === null ? flags : [{ kind: "port-vlan", port, vid, pvid: true, untagged: true }, ...flags];
  });
  return { ...NOTHING_SEEN, facts };
};
