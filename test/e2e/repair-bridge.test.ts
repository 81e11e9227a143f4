import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bootable } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch } from "./stage/host/host.ts";
import { cannotReach, reaches as reachesFrom } from "./stage/traffic/ping.ts";
import { type Break, breakAndMend, settled } from "./stage/repair-check.ts";

const NEEDS = ["vlan-filtering", "8021q", "libvirt"] as const;
const TAP = "web20-0";

/** What makes a tap that is a port of br0 with default PVID 1, and off, what it was. */
const FROM_NEW_PORT = [
  /^bridge vlan del dev web20-0 vid 1$/,
  /^bridge link set dev web20-0 .*locked on/,
  "bridge vlan add dev web20-0 vid 20 pvid untagged",
  /^bridge fdb replace \S+ dev web20-0 vlan 20 master static sticky$/,
  /^echo 1 >\S+brport\/flush$/,
  /^echo 0 >\S+tx_queue_len$/,
  /^echo 1000 >\S+tx_queue_len$/,
  "ip link set dev web20-0 up",
];

const breaks: readonly Break[] = [
  {
    what: "its VLAN removed",
    by: `bridge vlan del dev ${TAP} vid 20`,
    tap: TAP,
    says: /missing: VLAN 20 pvid untagged/,
    plan: ["bridge vlan add dev web20-0 vid 20 pvid untagged"],
  },
  {
    what: "VLAN 1 added",
    by: `bridge vlan add dev ${TAP} vid 1 untagged`,
    tap: TAP,
    says: /unexpected: VLAN 1 untagged/,
    plan: [
      "bridge vlan del dev web20-0 vid 1",
      "echo 0 >/sys/class/net/web20-0/tx_queue_len",
      "echo 1000 >/sys/class/net/web20-0/tx_queue_len",
    ],
  },
  {
    what: "the forwarding entry removed",
    by: `mac=$(bridge fdb show dev ${TAP} | awk '/vlan 20.*static/ { print $1 }'); bridge fdb del $mac dev ${TAP} vlan 20 master`,
    tap: TAP,
    says: /missing: forwarding entry/,
    plan: [/^bridge fdb replace \S+ dev web20-0 vlan 20 master static sticky$/],
  },
  {
    what: "the forwarding entry not sticky, as an earlier version made it",
    by: `mac=$(bridge fdb show dev ${TAP} | awk '/vlan 20.*static/ { print $1 }'); bridge fdb replace $mac dev ${TAP} vlan 20 master static`,
    tap: TAP,
    says: /forwarding entry .*sticky true, found false/,
    plan: [/^bridge fdb replace \S+ dev web20-0 vlan 20 master static sticky$/],
  },
  {
    what: "the port unlocked",
    by: `bridge link set dev ${TAP} locked off`,
    tap: TAP,
    says: /locked on .*found false/,
    plan: ["bridge link set dev web20-0 locked on", "echo 1 >/sys/class/net/web20-0/brport/flush"],
  },
  {
    what: "a setting flipped",
    by: `sysctl -qw net.ipv6.conf.${TAP}.accept_ra=1`,
    tap: TAP,
    says: /accept_ra=0: value 0, found 1/,
    plan: ["sysctl -w net/ipv6/conf/web20-0/accept_ra=0"],
  },
  {
    what: "the tap taken off its bridge",
    by: `ip link set dev ${TAP} nomaster`,
    tap: TAP,
    says: /missing: web20-0 as a port of br0/,
    plan: ["ip link set dev web20-0 down", "ip link set dev web20-0 master br0", ...FROM_NEW_PORT],
  },
  {
    what: "the tap taken off its bridge and down, with IPv6, as ifupdown2 does",
    by: `ip link set dev ${TAP} nomaster down; sysctl -qw net.ipv6.conf.${TAP}.disable_ipv6=0`,
    tap: TAP,
    says: /missing: web20-0 as a port of br0/,
    plan: [
      "ip link set dev web20-0 master br0",
      "sysctl -w net/ipv6/conf/web20-0/disable_ipv6=1",
      ...FROM_NEW_PORT,
    ],
  },
  {
    what: "the tap put back on its bridge by something else, and left down",
    by: `ip link set dev ${TAP} nomaster down; ip link set dev ${TAP} master br0`,
    tap: TAP,
    says: /web20-0 is down, as a new port of br0/,
    plan: FROM_NEW_PORT,
  },
];

describeInLab("guestnet, beside a running guest on a bridge", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;

  const reaches = (): Promise<boolean> => reachesFrom(libvirt.guest("web20"), "10.0.20.1");

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    const physical = await lab.machine("switch");
    await lab.wire(host, "up0", physical, "eth0");
    await physical.sh(`ip link add link eth0 name eth0.20 type vlan id 20; ip link set eth0.20 up
      ip addr add 10.0.20.1/24 dev eth0.20`);
    // The kernel's own default PVID, the harder one: a port that joins the bridge is in VLAN 1 at once.
    await host.sh(`ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1; ip link set br0 up
      ip link set up0 master br0; bridge vlan del dev up0 vid 1; bridge vlan add dev up0 vid 20`);
    expect(await guestnetOn(host, "install")).toMatchObject({ code: 0 });
    libvirt = await host.libvirt();
    const nic = { type: "bridge", bridge: "br0", vlan: 20 };
    const boot = "ip link set eth0 up; ip addr add 10.0.20.11/24 dev eth0";
    await launch(libvirt, "web20", bootable("web20", [nic], boot));
    await libvirt.guest("web20").ready();
    expect(await reaches()).toBe(true);
  });
  afterAll(async () => {
    await lab.close();
  });

  test("status shows it, and that the guest was seen", async () => {
    const { code, stdout } = await guestnetOn(host, "status");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^web20 +web20-0 +access br0 +20 +ok +seen +/m);
  });

  test.each(breaks)("$what: named, planned, mended, and the guest is reached", async (one) => {
    await breakAndMend(host, one);
    expect(await reaches()).toBe(true);
  });

  test("what a network manager's reload makes of it, all at once, is mended by one apply", async () => {
    const right = await settled(host);
    await host.sh(`ip link set dev ${TAP} nomaster; ip link set dev ${TAP} master br0`);
    expect(await cannotReach(libvirt.guest("web20"), "10.0.20.1")).toBe(true);
    expect(await guestnetOn(host, "apply", "--yes")).toMatchObject({ code: 0 });
    expect(await settled(host)).toBe(right);
    expect(await reaches()).toBe(true);
  });
});
