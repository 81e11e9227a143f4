import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { bridgeByNetworkd } from "./stage/networkd.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";
import { installRepair } from "./stage/repair-unit.ts";
import { stateOfTaps } from "./stage/taps.ts";

const CATCH_ALL = "/etc/systemd/network/90-dhcp.network";
const PROTECTION = "/etc/systemd/network/05-guestnet.network";
const COMMANDS = [
  "networkctl reload",
  "networkctl reconfigure br0",
  "networkctl reconfigure up0",
  "systemctl restart systemd-networkd",
];

describeOnHosts("a host whose systemd-networkd has a file for all Ethernet devices", (release) => {
  let hosts: Hosts;
  let host: Host;
  beforeAll(async () => {
    hosts = await openHosts(release, ["vlan-filtering", "nft-inet"]);
    host = await hosts.host("kvm1");
    await bridgeByNetworkd(host);
    await host.writeFile(CATCH_ALL, "[Match]\nType=ether\n[Network]\nDHCP=yes\n");
    await installGuestnet(host);
    const libvirt = await host.libvirt();
    expect(await libvirt.define(GUEST)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await hosts.close();
  });

  const state = (): Promise<string> => stateOfTaps(host, TAPS);
  const doctor = async (): Promise<string> => (await guestnet(host, "doctor")).stdout;

  test("guestnet install protects taps, and no command of networkd changes a guest's", async () => {
    expect(await host.sh(`cat ${PROTECTION}`)).toBe("[Match]\nKind=tun\n\n[Link]\nUnmanaged=yes\n");
    const libvirt = await host.libvirt();
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
    const before = await state();
    for (const command of COMMANDS) {
      await host.sh(`${command}; sleep 2`);
      expect([command, await state()]).toEqual([command, before]);
    }
    expect(await doctor()).not.toContain("systemd-networkd");
  });

  test("without the protection a reload takes the taps, and the path unit has it repaired", async () => {
    const before = await state();
    await host.sh(`rm ${PROTECTION}`);
    await host.sh("networkctl reload; sleep 2");
    expect(await state()).not.toBe(before);
    await installRepair(host, "networkd");
    expect(await guestnet(host, "apply", "--yes")).toMatchObject({ code: 0 });
    expect(await state()).toBe(before);
    // A later change of the file makes networkd configure the taps anew.
    await host.sh(`echo '# changed' >>${CATCH_ALL}; networkctl reload; networkctl reconfigure web1-0 web1-1`);
    await becomes(state, before);
  });

  test("without it no guest starts: the hook names the file, and doctor does so while none runs", async () => {
    await host.sh("systemctl disable --now guestnet-apply.path; virsh destroy web1");
    const libvirt = await host.libvirt();
    expect(await doctor()).toMatch(
      new RegExp(`^error +systemd-networkd: ${CATCH_ALL} matches web1-0 and 1 more taps of guests$`, "m"),
    );
    const { code, stderr } = await libvirt.virsh("start", "web1");
    expect(code).toBe(1);
    expect(stderr).toContain(
      `web1-0 is not a port of br0 (not a bridge port): systemd-networkd configures it with ${CATCH_ALL}`,
    );
    expect(await guestnet(host, "install")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
  });
});
