import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare, bootable } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch, qemus } from "./stage/host/host.ts";
import { network } from "./stage/host/network.ts";
import { reaches } from "./stage/traffic/ping.ts";

const NEEDS = ["vlan-filtering", "8021q", "nft-bridge", "libvirt"] as const;
const HOOK = "/etc/libvirt/hooks/qemu";
/** The hook of 0.1.0 before its JavaScript ran on QuickJS: a shell beside Node, and files in /run. */
const OLD = "fixtures/hooks/0.1.0/qemu";

const GUARDED = {
  type: "bridge",
  bridge: "br0",
  vlan: 20,
  addresses: ["10.0.20.12/24", "2001:db8:20::12/64"],
};
const TRUNK = { type: "bridge", bridge: "br0", trunk: ["30-31"], native: 10, isolated: true };
const ROUTED = { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], prefixes: ["2001:db8:1::/64"] };

describeInLab("the hook of 0.1.0 is replaced while its guests run", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;
  let running: readonly string[];

  const plan = async (): Promise<string> => (await guestnetOn(host, "plan")).stdout;

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    const neighbour = await lab.machine("neighbour");
    await lab.wire(host, "up0", neighbour, "eth0");
    await neighbour.sh(`ip link add link eth0 name eth0.20 type vlan id 20; ip link set eth0.20 up
      ip addr add 10.0.20.1/24 dev eth0.20`);
    await host.sh(`sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 vlan_default_pvid 0; ip link set br0 up
      ip link set up0 master br0; bridge vlan add dev up0 vid 20`);
    await host.writeFile(HOOK, readFileSync(OLD, "utf8").replace("/usr/bin/node", process.execPath), 0o755);
    libvirt = await host.libvirt();
    const boot = "ip link set eth0 up; ip addr add 10.0.20.11/24 dev eth0";
    await launch(libvirt, "web1", bootable("web1", [{ type: "bridge", bridge: "br0", vlan: 20 }], boot));
    await launch(libvirt, "mixed1", bare("mixed1", [GUARDED, TRUNK, ROUTED]));
    await libvirt.guest("web1").ready();
    expect(await reaches(libvirt.guest("web1"), "10.0.20.1")).toBe(true);
    running = await qemus(host);
  });
  afterAll(async () => {
    await lab.close();
  });

  test("guestnet install replaces it, and touches no guest", async () => {
    const before = await network(host);
    const { code, stderr } = await guestnetOn(host, "install");
    expect({ code, replaced: /^installed \/etc\/libvirt\/hooks\/qemu/m.test(stderr) }).toEqual({
      code: 0,
      replaced: true,
    });
    expect(await network(host)).toBe(before);
    expect(await qemus(host)).toEqual(running);
    expect(await host.sh("ls /run/guestnet")).not.toMatch(/compiled|runs/);
  });

  test("guestnet plan gives each difference a reason, and apply leaves none", async () => {
    const planned = await plan();
    // Rules carry a digest since then. No VLAN of a port and no route differs.
    expect(planned).toContain("# differs: the anti-spoofing rules of bridge ports");
    expect(planned).not.toMatch(/vlan (add|del)|route (add|del|replace)/);
    expect(await guestnetOn(host, "apply", "--yes")).toMatchObject({ code: 0 });
    expect(await plan()).not.toMatch(/^(ip|bridge|nft|sysctl|echo) /m);
    expect(await reaches(libvirt.guest("web1"), "10.0.20.1")).toBe(true);
    expect(await qemus(host)).toEqual(running);
  });

  test("the new hook releases what the old one made, to the last route and rule", async () => {
    expect(await libvirt.virsh("destroy", "mixed1")).toMatchObject({ code: 0 });
    expect(await host.sh("ip -4 route show proto 76; ip -6 route show proto 76")).toBe("");
    expect(await host.sh("ip -br link show type tun | cut -d' ' -f1")).toBe("web1-0\n");
    await launch(libvirt, "mixed1", bare("mixed1", [GUARDED, TRUNK, ROUTED]));
    expect(await plan()).not.toMatch(/^(ip|bridge|nft|sysctl|echo) /m);
  });
});
