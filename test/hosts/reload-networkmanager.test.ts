import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { bridgeByNetworkManager } from "./stage/networkmanager.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";
import { installRepair } from "./stage/repair-unit.ts";
import { stateOfTaps } from "./stage/taps.ts";

const PROTECTION = "/etc/NetworkManager/conf.d/50-guestnet.conf";
const HARMLESS = ["nmcli device reapply br0", "nmcli connection reload"];

describeOnHosts("a host whose bridge is NetworkManager's", (release) => {
  let hosts: Hosts;
  let host: Host;
  beforeAll(async () => {
    hosts = await openHosts(release, ["vlan-filtering", "nft-inet"]);
    host = await hosts.host("kvm1");
    await bridgeByNetworkManager(host);
    const libvirt = await host.libvirt();
    expect(await libvirt.define(GUEST)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await hosts.close();
  });

  const state = (): Promise<string> => stateOfTaps(host, TAPS);
  const doctor = async (): Promise<string> => (await guestnet(host, "doctor")).stdout;
  const device = (name: string): Promise<string> =>
    host.sh(`nmcli -t -f DEVICE,STATE device | sed -n 's/^${name}://p'`);

  test("guestnet install protects taps, and doctor misses the protection while no guest runs", async () => {
    await installGuestnet(host);
    expect(await host.sh(`cat ${PROTECTION}`)).toBe("[keyfile]\nunmanaged-devices+=type:tun\n");
    expect(await doctor()).not.toContain("unmanaged-devices");
    await host.sh(`rm ${PROTECTION}; nmcli general reload conf`);
    expect(await doctor()).toMatch(/^warning +NetworkManager: unmanaged-devices does not name the taps/m);
  });

  test("it shows an unprotected tap as connected externally, a protected one as unmanaged", async () => {
    const libvirt = await host.libvirt();
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
    await becomes(() => device("web1-0"), "connected (externally)\n");
    expect(await guestnet(host, "install")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("destroy", "web1")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
    await becomes(() => device("web1-0"), "unmanaged\n");
  });

  test.each(HARMLESS)("%s changes nothing", async (command) => {
    const before = await state();
    await host.sh(`${command}; sleep 2`);
    expect(await state()).toBe(before);
  });

  test("connection up detaches ports even so, doctor says it, and the dispatcher has it repaired", async () => {
    const before = await state();
    expect(await doctor()).toMatch(/^warning +NetworkManager: it manages bridge br0$/m);
    await host.sh("nmcli connection up br0; sleep 1");
    expect(await host.sh("ip -o link show master br0")).not.toContain("web1-0");
    expect(await guestnet(host, "apply", "--yes")).toMatchObject({ code: 0 });
    expect(await state()).toBe(before);
    await installRepair(host, "networkmanager");
    expect(await doctor()).not.toContain("it manages bridge br0");
    await host.sh("nmcli connection up br0");
    await becomes(state, before);
  });
});
