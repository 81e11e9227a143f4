import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Machine, openLab } from "../lab/lab.ts";
import { hostFiles } from "./stage/host/host-files.ts";
import { remembered, rememberedThere } from "./stage/host/put-back.ts";

const NEEDS = ["vlan-filtering", "8021q", "vrf"] as const;

const HOST = {
  name: "kvm1",
  bonds: { bond0: { ports: ["eno1", "eno2"], primary: "eno2" } },
  bridges: {
    br0: {
      uplinks: ["bond0"],
      vlans: { mgmt: 10, servers: 20, office: "100-103" },
      native: 30,
      addresses: {
        mgmt: { addresses: ["192.0.2.10/24", "2001:db8:10::10/64"], gateway: ["192.0.2.1", "fe80::1"] },
        40: { addresses: ["198.51.100.1/24"], vrf: "blue" },
      },
      vxlan: { local: "203.0.113.1", vnis: { servers: 1020, office: "10100-10103" }, peers: ["203.0.113.2"] },
    },
  },
  interfaces: { eno3: { addresses: ["203.0.113.1/24"], mtu: 1550 } },
  routed: { uplinks: ["eno3"], vrfs: { blue: 1001 } },
};

/** All that the file describes, without what differs between two hosts: numbers of devices and MAC addresses of NICs. */
const STATE = `bridge -d vlan show; bridge vlan tunnelshow; bridge vni show
  bridge fdb show dev vxlan0 | grep ' dst ' | sort
  bridge -d link show | sed 's/^[0-9]*: //; s/ hwmode.*//; s/cost [0-9]* //; s/mcast_n_groups [0-9]* //'
  for device in br0 bond0 eno1 eno2 eno3 br0.10 br0.40 vxlan0; do
    cat /sys/class/net/$device/mtu /proc/sys/net/ipv6/conf/$device/accept_ra
    ip -o address show dev $device scope global | sed 's/^[0-9]*: //; s/ tentative//'
  done
  cat /sys/class/net/br0/address /sys/class/net/br0/bridge/default_pvid /sys/class/net/br0/bridge/vlan_filtering
  cat /sys/class/net/br0/bridge/stp_state /sys/class/net/bond0/bonding/primary /sys/class/net/bond0/bonding/slaves
  ip route; ip -6 route | grep default; ip route show vrf blue; sysctl net.ipv4.ip_forward`;

const NAMED = `awk '/^[^ \\t]/ { name = $1; $1 = "" } { $1 = $1; print name, $0 }'`;

/** The same, and all that a trial puts back, whichever device came first. What is made again has settings of sysctl.d from udev. */
const SETTINGS = `{ bridge -d vlan show | ${NAMED}; bridge vlan tunnelshow | ${NAMED}; bridge vni show | ${NAMED}
  bridge fdb show dev vxlan0 | grep ' dst '
  bridge -d -o link show | sed 's/^[0-9]*: //; s/ hwmode.*//; s/cost [0-9]* //; s/mcast_n_groups [0-9]* //'
  ip -o address show scope global | sed 's/^[0-9]*: //; s/ tentative//; s/ nodad//'
  for device in br0 bond0 eno1 eno2 eno3 br0.10 br0.40 vxlan0 blue; do
    echo $device $(cat /sys/class/net/$device/mtu /sys/class/net/$device/address) $(readlink /sys/class/net/$device/master)
  done
  (cd /sys/class/net; ls; grep . br0/bridge/default_pvid br0/bridge/vlan_filtering br0/bridge/stp_state bond0/bonding/mode bond0/bonding/primary)
  ip route; ip -6 route | grep default; ip route show vrf blue; } 2>&1 | sort`;

/** The same host with these peers. */
const withPeers = (...peers: readonly string[]): object => {
  const { br0 } = HOST.bridges;
  return { ...HOST, bridges: { br0: { ...br0, vxlan: { ...br0.vxlan, peers } } } };
};

/** What a trial may leave: another setting of each kind, devices that are gone, and other devices of its host.json. */
const HARM: readonly (readonly [left: string, tried: object, harm: string])[] = [
  [
    "other settings",
    withPeers("203.0.113.2", "203.0.113.7"),
    `ip link set eno3 mtu 1600; ip link set bond0 mtu 1400; ip link set br0 address 02:00:00:00:00:99 type bridge stp_state 1
    ip address del 192.0.2.10/24 dev br0.10; ip address add 192.0.2.11/24 dev br0.10; ip route add 203.0.114.0/24 via 203.0.113.9
    ip address del 198.51.100.1/24 dev br0.40; ip link set br0.40 nomaster
    bridge vlan del dev br0 vid 10 self; bridge vlan add dev bond0 vid 99; bridge vlan add dev bond0 vid 31 pvid untagged
    bridge vlan del dev vxlan0 vid 20 tunnel_info id 1020; bridge vni delete dev vxlan0 vni 1020
    bridge vlan add dev vxlan0 vid 21; bridge vni add dev vxlan0 vni 1021; bridge vlan add dev vxlan0 vid 21 tunnel_info id 1021
    bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 203.0.113.7 src_vni 10100 vni 10100
    bridge link set dev vxlan0 learning off isolated on`,
  ],
  [
    "no devices",
    HOST,
    "for device in br0 vxlan0 bond0 blue; do ip link delete $device; done; ip address flush dev eno3",
  ],
  [
    "other devices",
    { name: "kvm1", bridges: { bond0: { uplinks: ["eno1"] }, br7: {} } },
    "ip link delete bond0; for name in bond0 br7; do ip link add $name type bridge; ip link set $name up; done; ip link set eno1 master bond0",
  ],
];

describeInLab("the network of a host, from host.json", NEEDS, () => {
  let lab: Lab;
  const machines: Machine[] = [];
  beforeAll(async () => {
    lab = await openLab(NEEDS);
    for (const name of ["h1", "h2"]) {
      const machine = await lab.machine(name);
      await machine.sh(
        "for n in 1 2 3; do ip link add eno$n mtu 9000 type veth peer name far$n; ip link set far$n up; done; ip link set lo up",
      );
      machines.push(machine);
    }
  });
  afterAll(async () => {
    await lab.close();
  });

  const machine = (index: number): Machine => {
    const one = machines[index];
    if (one === undefined) throw new Error(`there is no machine ${index}`);
    return one;
  };
  const runScript = async (host: object): Promise<string> => {
    const script = hostFiles("iproute2", host).get("/usr/local/sbin/guestnet-host") ?? "";
    await machine(0).writeFile("/run/guestnet-host", script);
    return machine(0).sh("sh /run/guestnet-host 2>&1");
  };

  test("the script of iproute2 makes it, and changes nothing when it runs again", async () => {
    expect(await runScript(HOST)).toBe("");
    const state = await machine(0).sh(STATE);
    expect(state).toMatch(/^br0 +10$/m);
    expect(state).toMatch(/^bond0 +10\n +state forwarding.*\n +20\n/m);
    expect(state).toMatch(/^vxlan0 +20\n/m);
    expect(state).toContain(" 30 PVID Egress Untagged\n");
    expect(state).toMatch(/^vxlan0 +20 +1020$/m);
    expect(state).not.toMatch(/^\S+ +1 PVID/m);
    expect(state).toContain("default via 192.0.2.1 dev br0.10");
    expect(state).toContain("dst 203.0.113.2");
    expect(state).toContain("vlan_tunnel on");
    expect(await runScript(HOST)).toBe("");
    expect(await machine(0).sh(STATE)).toBe(state);
  });

  test("ifupdown makes the same", async () => {
    const files = hostFiles("ifupdown", HOST);
    await machine(1).writeFile(
      "/etc/network/interfaces",
      files.get("/etc/network/interfaces.d/guestnet") ?? "",
    );
    await machine(1).writeFile("/run/guestnet-vxlan", files.get("/usr/local/sbin/guestnet-vxlan") ?? "");
    await machine(1).writeFile("/run/60-guestnet.conf", files.get("/etc/sysctl.d/60-guestnet.conf") ?? "");
    await machine(1).sh(`mkdir -p /run/network; ifup -a; sysctl -qe --load=/run/60-guestnet.conf
      sh /run/guestnet-vxlan; sh /run/guestnet-vxlan`);
    expect(await machine(1).sh(STATE)).toBe(await machine(0).sh(STATE));
  });

  describe.each(HARM)("a trial that has left %s", (_left, tried, harm) => {
    test.each([
      ["by guestnet", remembered],
      ["by the script for other hosts", rememberedThere],
    ])("is put back %s", async (_by, remember) => {
      const before = await machine(0).sh(SETTINGS);
      const putBack = await remember(machine(0), tried);
      await machine(0).sh(harm);
      expect(await machine(0).sh(SETTINGS)).not.toBe(before);
      await putBack();
      expect(await machine(0).sh(SETTINGS)).toBe(before);
    });
  });

  test("a peer that host.json no longer has gets no frames", async () => {
    await runScript(withPeers("203.0.113.3"));
    const entries = await machine(0).sh("bridge fdb show dev vxlan0");
    expect(entries).toContain("dst 203.0.113.3");
    expect(entries).not.toContain("dst 203.0.113.2");
  });
});
