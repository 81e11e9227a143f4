import type { PortFlagFact, PortVlanFact } from "../model/fact.ts";
import type { Host } from "../model/host.ts";
import { type Link, PORT_FLAGS } from "../model/link.ts";
import type { IfName } from "../model/names.ts";
import type { FreshPort, Scope } from "../model/scope.ts";
import { toVid } from "../model/vid.ts";
import { type Sight } from "./observe.ts";
import { NOTHING_SEEN, type Seen } from "./questions.ts";

const NET = "/sys/class/net";

const link = (name: IfName, kind: string, more: Partial<Link>): Link => ({
  ...{ name, kind, master: null, alias: null, mac: "", group: 0, mtu: 0, up: true, tap: null, bridge: null },
  vrf: null,
  portFlags: new Map(),
  ...more,
});

/** A port as br_add_if makes it: in the bridge's default VLAN, learning, with no other flag and no static entry. */
const expectPort = ({ port, bridge }: FreshPort, host: Host): Sight | null => {
  const isPort = host.readFile(`${NET}/${bridge}/brif/${port}/port_no`) !== null;
  const filtering = host.readFile(`${NET}/${bridge}/bridge/vlan_filtering`) === "1";
  const pvid = host.readFile(`${NET}/${bridge}/bridge/default_pvid`);
  if (!isPort || !filtering || pvid === null) return null;
  const vid = toVid(Number(pvid));
  const vlans: readonly PortVlanFact[] =
    vid === null ? [] : [{ kind: "port-vlan", port, vid, pvid: true, untagged: true }];
  const flags = PORT_FLAGS.map((flag): PortFlagFact => ({
    kind: "port-flag",
    port,
    flag,
    on: flag === "learning",
  }));
  const links = [
    link(port, "tun", { master: bridge }),
    link(bridge, "bridge", { bridge: { vlanFiltering: true, defaultPvid: vid ?? 0 } }),
  ];
  return { ip: { ...NOTHING_SEEN, links, facts: flags }, bridge: { ...NOTHING_SEEN, facts: vlans }, nft: [] };
};

const join = (seen: readonly Seen[]): Seen => ({
  ...NOTHING_SEEN,
  links: seen.flatMap(({ links }) => links),
  facts: seen.flatMap(({ facts }) => facts),
});

/**
 * What must be true of ports that libvirt has just made, read from files where looking would be two processes: libvirt
 * has set them up and nobody else knows their names yet. Whoever relies on it looks afterwards.
 *
 * @returns null when the files say that something is not as it should be: then a look will tell what
 */
export const expectFreshPorts = (scope: Scope, host: Host): Sight | null => {
  const known = scope.fresh.map((port) => expectPort(port, host)).filter((port) => port !== null);
  if (scope.trunkings.some(({ mode }) => mode === "follow-guests")) return null;
  if (known.length === 0 || known.length < scope.ports.length) return null;
  return { ip: join(known.map(({ ip }) => ip)), bridge: join(known.map(({ bridge }) => bridge)), nft: [] };
};
