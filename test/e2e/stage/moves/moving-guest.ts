import { expect } from "@jest/globals";
import type { Machine } from "../../../lab/lab.ts";
import { bootable } from "../guest/generate.ts";
import { launch } from "../host/host.ts";
import { clear, type LabHost, type TwoHosts } from "../hosts/two-hosts.ts";
import { routesAre } from "../hosts/two-hosts-routed.ts";
import { until } from "../until.ts";

/** What the router pings: an address of each family, and one in a network that is routed to the guest. */
export const PINGED = ["192.0.2.53", "2001:db8:0:1::53", "2001:db8:0:53::1"];

export const NIC = {
  type: "routed",
  addresses: ["2001:db8:0:1::53", "192.0.2.53"],
  prefixes: ["2001:db8:0:53::/64"],
};

const BOOT = `
  ip link set eth0 up; ip addr add 2001:db8:0:53::1/128 dev lo
  ip addr add 192.0.2.53/32 dev eth0; ip route add 169.254.0.1 dev eth0; ip route add default via 169.254.0.1
  ip addr add 2001:db8:0:1::53/128 dev eth0; ip -6 route add default via fe80::1 dev eth0`;

/** The XML of the guest dns1, which answers to these. */
export const movingGuest = (more: object = {}): string => bootable("dns1", [{ ...NIC, ...more }], BOOT);

/** The routes of the host's guests, and what the host has learned of others'; without next hop IDs. */
export const hostRoutes = async (host: Machine): Promise<readonly string[]> => {
  const shown = await host.sh(`
    { ip route; ip -6 route; } | grep -E '^(192.0.2|2001:db8:0:)' |
      sed -E 's/ (nhid [0-9]+|pref medium|scope link|onlink)//g; s/proto (bird|bgp) metric (32|20)/learned/; s/via fe80:[^ ]+/via LINK-LOCAL/; s/ +$//' | sort`);
  return shown.split("\n").filter((line) => line !== "");
};

/** The routes to the guest of a host on which it runs. */
export const HERE = [
  "192.0.2.53 dev dns1-0 proto 76",
  "2001:db8:0:1::53 dev dns1-0 proto 76 metric 1024",
  "2001:db8:0:53::/64 via 2001:db8:0:1::53 dev dns1-0 proto 76 metric 1024",
];

/** The same where the host had learned the guest's address from another: the kernel takes no network via such a one (docs/explanation/routed.md). */
export const HERE_WHERE_LEARNED = HERE.map((line) => line.replace(/via [^ ]+/, "via LINK-LOCAL"));

const numberOf = ({ machine }: LabHost): number => (machine.name === "h1" ? 2 : 3);

/** Waits until the router sends the guest's packets to that host. */
export const routedTo = (two: TwoHosts, host: LabHost): Promise<void> =>
  routesAre(two, [
    `192.0.2.53 via 198.51.100.${String(numberOf(host))}`,
    `2001:db8:0:1::53 via 2001:db8:ff::${String(numberOf(host))}`,
    `2001:db8:0:53::/64 via 2001:db8:ff::${String(numberOf(host))}`,
  ]);

/** Starts the guest on a host, and waits until it answers and is routed to there. */
export const launchMoving = async (two: TwoHosts, host: LabHost, more?: object): Promise<void> => {
  await launch(host.libvirt, "dns1", movingGuest(more));
  await host.libvirt.guest("dns1").ready();
  await routedTo(two, host);
};

/** The waiter has ended, and the file that says so is gone. */
export const settled = async ({ machine }: LabHost): Promise<void> => {
  await until(machine, '[ -z "$(ls /run/guestnet/incoming 2>/dev/null)" ]');
};

/** Nothing of the guest is on a host: no tap, no route of ours, no file. */
export const nothingLeft = async (host: LabHost): Promise<void> => {
  await settled(host);
  const left = await host.machine.sh(
    "ip -br link show group 76; ip route show proto 76 table all; ip -6 route show proto 76 table all",
  );
  expect(left).toBe("");
};

/** Nothing is left of an earlier test: the guest runs on h1, answers and is routed to there, and h2 has nothing of it. */
export const movingOnH1 = async (two: TwoHosts): Promise<void> => {
  for (const { libvirt } of [two.h1, two.h2])
    if ((await libvirt.virsh("version")).code !== 0) await libvirt.start();
  const onH1 = await two.h1.libvirt.virsh("domstate", "dns1");
  const onH2 = await two.h2.libvirt.virsh("list", "--all", "--name");
  if (onH1.stdout.trim() !== "running" || onH2.stdout.trim() !== "") {
    for (const host of [two.h1, two.h2]) {
      await clear(host);
      await nothingLeft(host);
    }
    await launchMoving(two, two.h1);
  }
  await routedTo(two, two.h1);
};
