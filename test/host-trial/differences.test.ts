import { describe, expect, test } from "@jest/globals";
import { differencesOf, differenceText } from "../../src/host-trial/differences.ts";
import { restore } from "../../src/host-trial/restore/restore.ts";
import { type Tried, triedOf } from "../../src/host-trial/restore/tried.ts";
import type { LiveNetwork } from "../../src/live-network/live-network.ts";
import { described } from "./live-hosts.ts";

const { live, network } = described("vlan-aware");
const textsOf = (now: LiveNetwork): readonly string[] => differencesOf(network, now).map(differenceText);
/** The recorded host has heard no router. */
const ALWAYS = "br0.10: no address by router advertisement";
const restored = (before: LiveNetwork, now: LiveNetwork, tried: Partial<Tried> = {}): readonly string[] =>
  restore(before, now, { devices: new Set(), peers: [], ...tried }).map((line) => line.join(" "));

describe("a real host, compared with the host.json that was imported from it", () => {
  test("differs in nothing, and nothing of it is to be put back", () => {
    expect(textsOf(live)).toEqual([ALWAYS]);
    expect(restored(live, live)).toEqual([]);
  });

  const links = (
    change: (link: LiveNetwork["links"][number]) => LiveNetwork["links"][number],
  ): LiveNetwork => ({
    ...live,
    links: live.links.map(change),
  });
  test.each<readonly [string, LiveNetwork, string, readonly string[]]>([
    [
      "a bridge without filtering",
      links((one) => (one.bridge === null ? one : { ...one, bridge: { ...one.bridge, filtering: false } })),
      "br0: VLAN filtering off, not on",
      ["ip link set dev br0 type bridge vlan_filtering 1 vlan_default_pvid 0 stp_state 0"],
    ],
    [
      "an uplink of no bridge",
      links((one) => (one.name === "bond0" ? { ...one, master: null } : one)),
      "bond0: master none, not br0",
      ["ip link set dev bond0 master br0"],
    ],
    [
      "a device that is down",
      links((one) => (one.name === "br0.10" ? { ...one, up: false } : one)),
      "br0.10: state down, not up",
      ["ip link set dev br0.10 up"],
    ],
    [
      "VLANs missing on the uplink",
      { ...live, vlans: live.vlans.filter(({ port, vid }) => port !== "bond0" || vid < 100) },
      "bond0: no VLANs 100-199",
      ["bridge vlan add dev bond0 vid 100-199"],
    ],
    [
      "an address missing",
      { ...live, addresses: live.addresses.filter(({ address }) => address !== "192.0.2.10") },
      "br0.10: no address 192.0.2.10/24",
      ["ip address add 192.0.2.10/24 dev br0.10 scope global"],
    ],
    [
      "forwarding off",
      { ...live, sysctl: (name) => (name === "net/ipv4/ip_forward" ? "0" : live.sysctl(name)) },
      "host: net/ipv4/ip_forward 0, not 1",
      [],
    ],
  ])("with %s: it is named, and put back", (_, now, text, lines) => {
    expect(textsOf(now).filter((one) => one !== ALWAYS)).toEqual([text]);
    expect(restored(live, now)).toEqual(lines);
  });

  test("without its bond: it is made again as it was", () => {
    const now: LiveNetwork = {
      ...live,
      links: live.links
        .filter(({ name }) => name !== "bond0")
        .map((one) => (one.master === "bond0" ? { ...one, master: null } : one)),
      vlans: live.vlans.filter(({ port }) => port !== "bond0"),
    };
    const lines = restored(live, now);
    expect(lines[0]).toBe(
      "ip link add name bond0 address 82:3c:2a:94:b8:1a type bond mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer2 min_links 0",
    );
    expect(lines).toContain("ip link set dev eno1 master bond0");
    expect(lines).toContain("bridge vlan add dev bond0 vid 5 pvid untagged");
  });

  test("peers of the trial are deleted, those that a routing daemon has learned meanwhile are not", () => {
    const before = { ...live, peers: [] };
    expect(live.peers.map(({ address }) => address)).toEqual(["2001:db8:ffff::12"]);
    expect(restored(before, live, triedOf(network))).toEqual([
      "bridge fdb del 00:00:00:00:00:00 dev vxlan0 dst 2001:db8:ffff::12 src_vni 1020 vni 1020",
    ]);
    const evpn = {
      ...network,
      links: network.links.map((one) => (one.kind === "vxlan" ? { ...one, peers: null } : one)),
    };
    expect(restored(before, live, triedOf(evpn))).toEqual([]);
  });

  test("devices of the trial are deleted, those of libvirt and others are not", () => {
    const before = { ...live, links: live.links.filter(({ name }) => name !== "blue") };
    expect(restored(before, live, { devices: new Set(["blue"]) })).toEqual(["ip link delete dev blue"]);
    expect(restored(before, live)).toEqual([]);
  });
});
