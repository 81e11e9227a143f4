import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Ability, type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bootable, shippedInterfaces } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { network } from "./stage/host/network.ts";
import { type Datapath, ovsPort, ovsPorts, startOpenVSwitch } from "./stage/host/open-vswitch.ts";
import { reaches } from "./stage/traffic/ping.ts";
import { arrivals, shoutFrom, shoutFromGuest } from "./stage/traffic/vlan-frames.ts";

/** A guest that has a NIC of the hook's own beside those of Open vSwitch. */
interface Variant {
  readonly datapath: Datapath;
  readonly needs: readonly Ability[];
  readonly own: object;
  /** Its row in `guestnet status`. */
  readonly row: RegExp;
}

const variants: readonly Variant[] = [
  {
    datapath: "system",
    needs: ["openvswitch", "openvswitch-module", "vlan-filtering", "libvirt"],
    own: { type: "bridge", bridge: "br0", vlan: 20 },
    row: /^sdn1 +sdn1-2 +access br0 +20 +ok /m,
  },
  {
    datapath: "netdev",
    needs: ["openvswitch", "nft-inet", "libvirt"],
    own: { type: "routed", addresses: ["192.0.2.53"] },
    row: /^sdn1 +sdn1-2 +routed +192\.0\.2\.53 +ok /m,
  },
];

/** A libvirt network of an Open vSwitch bridge. genxml makes those of Linux bridges only: this one is the administrator's. */
const NETWORK = `<network>
  <name>sdn</name>
  <forward mode='bridge'/>
  <bridge name='ovsbr0'/>
  <virtualport type='openvswitch'/>
  <portgroup name='servers'><vlan><tag id='20'/></vlan></portgroup>
  <portgroup name='dmz'><vlan trunk='yes'><tag id='30'/></vlan></portgroup>
</network>`;

const VLANS = [0, 10, 20, 30, 40, 100];

/** What a port that has all VLANs hears of them. */
const all = VLANS.map((vlan) => (vlan === 0 ? "untagged 0" : `${String(vlan)} ${String(vlan)}`)).sort();

const taps = (...names: readonly string[]): Readonly<Record<string, "out">> =>
  Object.fromEntries(names.map((name) => [name, "out"]));

describe.each(variants)("Open vSwitch, datapath $datapath", ({ datapath, needs, own, row }) => {
  describeInLab("its ports", needs, () => {
    let lab: Lab;
    let host: Machine;
    let physical: Machine;
    let libvirt: Libvirt;
    let before: string;

    const pings = (from: string, to: string): Promise<boolean> => reaches(libvirt.guest(from), to);
    /** A question and an answer over every port: what was sent before and is not there by then never will be. */
    const allReached = async (): Promise<void> => {
      for (const to of ["10.0.20.1", "10.0.20.6", "10.0.10.1", "10.0.30.6"])
        expect([to, await pings("sdn1", to)]).toEqual([to, true]);
      expect(await pings("sdn2", "10.0.0.1")).toBe(true);
    };

    beforeAll(async () => {
      lab = await openLab(needs);
      host = await lab.machine("host");
      physical = await lab.machine("switch");
      // The host's ports get no addresses of their own, which would come only after the kernel has looked for duplicates.
      await host.sh("sysctl -qw net.ipv6.conf.default.addr_gen_mode=1");
      await lab.wire(host, "up0", physical, "eth0");
      await physical.sh("ip addr add 10.0.0.1/24 dev eth0");
      if (datapath === "system")
        await host.sh(
          "ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 vlan_default_pvid 0; ip link set br0 up",
        );
      else await host.sh("sysctl -qw net.ipv4.ip_forward=1");
      await installHook(host);
      libvirt = await host.libvirt();
      await startOpenVSwitch(host, datapath, "ovsbr0", "up0");
      // The switch's own legs: ports of the same bridge, so that this kernel needs no VLAN devices.
      for (const vid of [10, 20]) {
        await lab.wire(host, `sw${String(vid)}`, physical, `leg${String(vid)}`);
        await host.sh(`ovs-vsctl --timeout=50 add-port ovsbr0 sw${String(vid)} tag=${String(vid)}`);
        await physical.sh(`ip addr add 10.0.${String(vid)}.1/24 dev leg${String(vid)}`);
      }
      await host.sh("sysctl -qw net.ipv6.conf.default.addr_gen_mode=0");
      await host.writeFile("/run/sdn.xml", NETWORK);
      for (const action of [
        ["net-define", "/run/sdn.xml"],
        ["net-start", "sdn"],
      ])
        expect(await libvirt.virsh(...action)).toMatchObject({ code: 0, stderr: "" });

      before = await network(host);
      await launch(
        libvirt,
        "sdn1",
        bootable(
          "sdn1",
          [...shippedInterfaces("sdn1"), own],
          `ip link set eth0 up; ip addr add 10.0.20.5/24 dev eth0
          ip link set eth1 up; ip addr add 10.0.10.5/24 dev eth1
          ip link add link eth1 name eth1.30 type vlan id 30; ip link set eth1.30 up; ip addr add 10.0.30.5/24 dev eth1.30`,
        ),
      );
      const nics = [
        { type: "network", network: "sdn", portgroup: "servers" },
        { type: "network", network: "sdn", portgroup: "dmz" },
        { type: "ovs", bridge: "ovsbr0", filtering: false },
      ];
      await launch(
        libvirt,
        "sdn2",
        bootable(
          "sdn2",
          nics,
          `ip link set eth0 up; ip addr add 10.0.20.6/24 dev eth0; ip link set eth1 up
          ip link add link eth1 name eth1.30 type vlan id 30; ip link set eth1.30 up; ip addr add 10.0.30.6/24 dev eth1.30
          ip link set eth2 up; ip addr add 10.0.0.6/24 dev eth2`,
        ),
      );
      for (const name of ["sdn1", "sdn2"]) await libvirt.guest(name).ready();
    });
    afterAll(async () => {
      await lab.close();
    });

    test("each has the VLANs of its profile, or of its network's portgroup", async () => {
      expect(await ovsPort(host, "sdn1-0")).toBe("[] 20 []");
      expect(await ovsPort(host, "sdn1-1")).toBe("native-untagged 10 [10, 30, 100, 101, 102, 103]");
      expect(await ovsPort(host, "sdn2-0")).toBe("[] 20 []");
      expect(await ovsPort(host, "sdn2-1")).toBe("[] [] [30]");
      expect(await ovsPort(host, "sdn2-2")).toBe("[] [] []");
    });

    test("each hears its own VLANs and no other", async () => {
      const heard = await arrivals(host, taps("sdn1-0", "sdn1-1", "sdn2-0", "sdn2-1", "sdn2-2"), async () => {
        await shoutFrom(physical, "eth0", VLANS);
        await allReached();
      });
      expect(heard).toEqual({
        "sdn1-0": ["untagged 20"],
        "sdn1-1": ["100 100", "30 30", "untagged 10"],
        "sdn2-0": ["untagged 20"],
        "sdn2-1": ["30 30"],
        "sdn2-2": all,
      });
    });

    test.each([
      ["an access port", "sdn1", "eth0", ["20 0"]],
      ["a trunk with a native VLAN", "sdn1", "eth1", ["10 0", "10 10", "100 100", "30 30"]],
      ["an access port of a portgroup", "sdn2", "eth0", ["20 0"]],
      ["a trunk of a portgroup", "sdn2", "eth1", ["30 30"]],
      ["a port with all VLANs", "sdn2", "eth2", all],
    ] as const)("%s lets its own VLANs out and no other", async (_, name, device, expected) => {
      const heard = await arrivals(physical, { eth0: "in" }, async () => {
        await shoutFromGuest(libvirt.guest(name), device, VLANS);
        await allReached();
      });
      expect(heard).toEqual({ eth0: expected });
    });

    test("of guests in two VLANs neither hears the other's frames", async () => {
      const heard = await arrivals(host, taps("sdn2-0", "sdn2-1"), async () => {
        await shoutFromGuest(libvirt.guest("sdn1"), "eth0", [0]);
        await allReached();
      });
      expect(heard).toEqual({ "sdn2-0": ["untagged 0"], "sdn2-1": [] });
    });

    test("the hook sees to the guest's own bridge or tap, and leaves these alone", async () => {
      const { stdout, code } = await guestnetOn(host, "status");
      expect(stdout).toMatch(row);
      expect(stdout).toMatch(/^sdn1 +sdn1-0 +ovs ovsbr0 +20 +unmanaged +seen /m);
      expect(stdout).toMatch(/^sdn1 +sdn1-1 +ovs ovsbr0 +30,100-103 native 10 +unmanaged +seen /m);
      expect(stdout).toContain("1 running guest without metadata of guestnet: sdn2\n");
      expect(code).toBe(0);
      expect(await guestnetOn(host, "plan")).toMatchObject({ code: 0 });
      expect((await guestnetOn(host, "doctor")).stdout).not.toMatch(/ovs|sdn1-[01]|sdn2/);
      const ports = ["sdn1-0", "sdn1-1", "sdn2-0", "sdn2-1", "sdn2-2"];
      const state = async () => [
        await network(host),
        ...(await Promise.all(ports.map((port) => ovsPort(host, port)))),
      ];
      const was = await state();
      await libvirt.restart();
      expect(await state()).toEqual(was);
      await allReached();
    });

    test("guestnet attach plugs one in while the guest runs", async () => {
      await host.writeFile("/run/nic.json", '{ "type": "ovs", "bridge": "ovsbr0", "vlan": 40 }');
      expect(await guestnetOn(host, "attach", "sdn1", "/run/nic.json")).toMatchObject({ code: 0 });
      expect(await ovsPort(host, "sdn1-3")).toBe("[] 40 []");
      const heard = await arrivals(host, taps("sdn1-3"), async () => {
        await shoutFrom(physical, "eth0", VLANS);
        await allReached();
      });
      expect(heard).toEqual({ "sdn1-3": ["untagged 40"] });
    });

    test("after virsh destroy none of them remains", async () => {
      for (const name of ["sdn1", "sdn2"])
        expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
      expect(await ovsPorts(host, "ovsbr0")).toEqual(["sw10", "sw20", "up0"]);
      expect(await network(host)).toBe(before);
    });
  });
});
