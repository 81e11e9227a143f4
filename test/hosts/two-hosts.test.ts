import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bootable } from "../e2e/stage/guest/generate.ts";
import { vlans } from "../e2e/stage/host/host.ts";
import { answers, cannotReach, reaches } from "../e2e/stage/traffic/ping.ts";
import { guestImageFolder } from "../lab/guest/guest-image.ts";
import type { Guest } from "../lab/guest/guest.ts";
import { type Cable, connect } from "./cable.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { configureNetwork, hostJson } from "./stage/host-network.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";

const NUMBERS = [1, 2] as const;
type Number = (typeof NUMBERS)[number];
const otherOf = (number: Number): Number => (number === 1 ? 2 : 1);

/** The guest of a host: in the VLAN of both, in one that the other guest is not in, and routed. */
const guestOf = (number: Number, site: string): string => {
  const interfaces = [
    { type: "bridge", bridge: "br0", vlan: "servers" },
    { type: "bridge", bridge: "br0", vlan: 99 + number },
    { type: "routed", addresses: [`192.0.2.${number}`, `2001:db8::${number}`] },
  ];
  const boot = `for n in 0 1 2; do ip link set eth$n up; done
ip addr add 10.0.20.${number}/24 dev eth0
ip addr add 10.0.100.${number}/24 dev eth1
ip addr add 192.0.2.${number}/32 dev eth2
ip route add 169.254.0.1 dev eth2
ip route add default via 169.254.0.1 dev eth2
ip -6 addr add 2001:db8::${number}/128 dev eth2
ip -6 route add default via fe80::1 dev eth2`;
  const xml = bootable(`guest${number}`, interfaces, boot, ["--site", site]);
  return xml.replaceAll(guestImageFolder(), "/opt/guest-image");
};

describeOnHosts("two hosts made by genxml host, with a cable, after a reboot", (release) => {
  let hosts: Hosts;
  let kvm: Readonly<Record<Number, Host>>;
  let trunk: Cable;

  const guest = async (number: Number): Promise<Guest> =>
    (await kvm[number].libvirt()).guest(`guest${number}`);

  const made = async (number: Number): Promise<Host> => {
    const host = await hosts.host(`kvm${number}`);
    const site = mkdtempSync(join(tmpdir(), "guestnet-site-"));
    try {
      const file = join(site, "host.json");
      writeFileSync(file, JSON.stringify(hostJson(number)));
      const libvirt = await host.libvirt();
      expect(await libvirt.define(guestOf(number, file))).toMatchObject({ code: 0 });
      expect(await libvirt.virsh("autostart", `guest${number}`)).toMatchObject({ code: 0 });
    } finally {
      rmSync(site, { recursive: true });
    }
    await configureNetwork(host, "networkd", hostJson(number));
    await installGuestnet(host);
    await host.reboot();
    return host;
  };

  beforeAll(async () => {
    hosts = await openHosts(release, ["vlan-filtering", "nft-inet"]);
    kvm = { 1: await made(1), 2: await made(2) };
    trunk = await connect(kvm[1], kvm[2], 1);
    await connect(kvm[1], kvm[2], 2);
    for (const number of NUMBERS) await (await guest(number)).ready();
  });
  afterAll(async () => {
    await hosts.close();
  });

  test("the hosts reach each other, in their VLAN and on the routed uplink", async () => {
    for (const to of ["198.51.100.20", "2001:db8:10::20", "203.0.113.2"])
      expect([to, await answers(kvm[1], to)]).toEqual([to, true]);
  });

  test("a guest reaches the guest of its VLAN on the other host, over tagged frames alone", async () => {
    expect(await reaches(await guest(1), "10.0.20.2")).toBe(true);
    expect(await reaches(await guest(2), "10.0.20.1")).toBe(true);
    expect(trunk.vlans).toContain(20);
    expect(trunk.vlans).not.toContain(0);
  });

  test("a guest does not reach the guest of another VLAN there", async () => {
    expect(await vlans(kvm[1], "guest1-1")).toEqual(["100 PVID Egress Untagged"]);
    expect(await vlans(kvm[2], "guest2-1")).toEqual(["101 PVID Egress Untagged"]);
    expect(await cannotReach(await guest(1), "10.0.100.2")).toBe(true);
  });

  test("a routed guest is reached from the other host, and from its routed guest", async () => {
    for (const number of NUMBERS) {
      const other = otherOf(number);
      const link = "ip -6 -o address show dev eno2 scope link | grep -oE 'fe80[^/]+'";
      const gateway = (await kvm[other].sh(link)).trim();
      await kvm[number].sh(`ip route add 192.0.2.${other} via 203.0.113.${other}
        ip route add 2001:db8::${other} via ${gateway} dev eno2`);
    }
    for (const to of ["192.0.2.2", "2001:db8::2"]) {
      expect([to, await answers(kvm[1], to)]).toEqual([to, true]);
      expect([to, await reaches(await guest(1), to)]).toEqual([to, true]);
    }
  });

  test("guestnet has nothing to repair on either", async () => {
    for (const number of NUMBERS)
      expect(await guestnet(kvm[number], "plan")).toMatchObject({ code: 0, stdout: "" });
  });
});
