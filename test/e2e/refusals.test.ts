import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab, type Ran } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { launch, vlans } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { network } from "./stage/host/network.ts";
import { until } from "./stage/until.ts";

/** What the hook said, without what libvirt puts before it. */
const saidByHook = ({ stderr }: Ran): string => /guestnet: .*/s.exec(stderr)?.[0].trim() ?? stderr;

describeInLab("a host that lacks something for a routed guest", ["nft-inet", "libvirt"], () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;
  let before: string;

  beforeAll(async () => {
    lab = await openLab(["nft-inet", "libvirt"]);
    host = await lab.machine("host");
    await host.sh("ip link add br0 address 02:00:00:00:00:10 type bridge; ip link set br0 up");
    libvirt = await host.libvirt();
    before = await network(host);
  });
  afterAll(async () => {
    await lab.close();
  });

  const routed = [{ type: "routed", addresses: ["2001:db8:0:1::80", "192.0.2.80"] }];
  const refuses = async (name: string, interfaces: readonly object[]): Promise<string> => {
    expect(await libvirt.define(bare(name, interfaces))).toMatchObject({ code: 0 });
    const started = await libvirt.virsh("start", name);
    expect(started.code).toBe(1);
    expect((await libvirt.virsh("domstate", name)).stdout.trim()).toBe("shut off");
    expect(await network(host)).toBe(before);
    return saidByHook(started);
  };

  test("without the hook, a routed guest does not start", async () => {
    expect(await refuses("r0", routed)).toContain("managed='no'");
  });

  test("a start without forwarding is refused, and the error names both address families", async () => {
    // Installed while libvirtd runs: a reload makes it look, as the README has it.
    await installHook(host);
    await host.sh("kill -HUP $(cat /run/libvirtd.pid)");
    await until(host, "virsh -q start r0 2>&1 | grep guestnet:");
    const said = await refuses("r1", routed);
    expect(said.split("\n")).toHaveLength(1);
    expect(said).toMatch(
      /^guestnet: guest r1 failed to start.*NIC r1-0: the host does not forward IPv6.*IPv4/,
    );
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
  });

  test("a start on a missing bridge is refused, and nothing of the routed NIC remains", async () => {
    const said = await refuses("r2", [...routed, { type: "bridge", bridge: "br9", vlan: 20 }]);
    expect(said).toMatch(/^guestnet: guest r2 failed to start.*NIC r2-1: bridge br9 does not exist/);
    expect(said.split("\n")).toHaveLength(1);
  });

  test("a start on a bridge that does not filter VLANs is refused, and nothing of the routed NIC remains", async () => {
    const said = await refuses("r3", [...routed, { type: "bridge", bridge: "br0", vlan: 20 }]);
    expect(said).toMatch(/^guestnet: guest r3 failed to start.*NIC r3-1: bridge br0 does not filter VLANs/);
    expect(said.split("\n")).toHaveLength(1);
  });

  test("a start with the tap name of another device is refused, and the device stays", async () => {
    await host.sh("ip tuntap add dev mine mode tap");
    before = await network(host);
    const said = await refuses("r4", [{ ...routed[0], tap: "mine" }]);
    expect(said).toMatch(/NIC mine: the name mine is already used by a tun device/);
    await host.sh("ip link delete dev mine");
    before = await network(host);
  });

  test("a start with addresses of another guest is refused, and the error names that guest", async () => {
    expect(await libvirt.define(bare("r5", routed))).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "r5")).toMatchObject({ code: 0 });
    before = await network(host);
    const said = await refuses("r6", routed);
    expect(said).toMatch(
      /^guestnet: guest r6 failed to start; nothing.*2001:db8:0:1::80\/128 is already routed to the guest behind tap r5-0.*192\.0\.2\.80\/32/,
    );
    expect(await libvirt.virsh("destroy", "r5")).toMatchObject({ code: 0 });
  });
});

describeInLab("without the hook", ["vlan-filtering", "libvirt"], () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab(["vlan-filtering", "libvirt"]);
  });
  afterAll(async () => {
    await lab.close();
  });

  test("without the hook, default PVID 0 isolates a bridge guest", async () => {
    const host = await lab.machine("host");
    await host.sh("ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0; ip link set br0 up");
    const libvirt = await host.libvirt();
    await launch(libvirt, "dark1", bare("dark1", [{ type: "bridge", bridge: "br0", vlan: 20 }]));
    expect(await vlans(host, "dark1-0")).toEqual([]);
  });
});
