import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import {
  configureNetwork,
  type Format,
  FORMATS,
  networkByCommands,
  stateOfNetwork,
} from "./stage/host-network.ts";
import { installGuestnet } from "./stage/program.ts";
import { stateOfTaps } from "./stage/taps.ts";

/** What an administrator types, and a package's upgrade. */
const RELOADS: Readonly<Record<Format, readonly string[]>> = {
  networkd: ["networkctl reload", "networkctl reconfigure br0", "systemctl restart systemd-networkd"],
  netplan: ["netplan apply", "systemctl restart systemd-networkd"],
  networkmanager: ["nmcli connection reload", "nmcli device reapply br0", "systemctl restart NetworkManager"],
  ifupdown2: ["ifreload -a", "systemctl reload networking"],
  // A restart deletes the bridge, and makes it again: reload-ifupdown.test.ts.
  ifupdown: ["ifup -a"],
};

describeOnHosts("a host made by genxml host", (release) => {
  let hosts: Hosts;
  let byCommands: string;
  beforeAll(async () => {
    hosts = await openHosts(release, ["vlan-filtering", "nft-inet"]);
    const host = await hosts.host("commands");
    await networkByCommands(host);
    byCommands = await stateOfNetwork(host);
    expect(byCommands).toMatch(/^br0 10$/m);
    expect(byCommands).toMatch(/^eno1 10$/m);
    expect(byCommands).toContain("default via 198.51.100.1 dev br0.10");
    await host.powerOff();
  });
  afterAll(async () => {
    await hosts.close();
  });

  describe.each(FORMATS)("--format %s", (format) => {
    let host: Host;
    let taps: string;
    beforeAll(async () => {
      host = await hosts.host(format);
      await configureNetwork(host, format);
      await installGuestnet(host);
      await host.reboot();
    });
    afterAll(async () => {
      await host.powerOff();
    });

    test("boots as the commands of iproute2 make it", async () => {
      await becomes(() => stateOfNetwork(host), byCommands);
    });

    test("guests start, in their VLAN and with their routes", async () => {
      const libvirt = await host.libvirt();
      expect(await libvirt.define(GUEST)).toMatchObject({ code: 0 });
      expect(await libvirt.virsh("autostart", "web1")).toMatchObject({ code: 0 });
      expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
      taps = await stateOfTaps(host, TAPS);
      expect(taps).toContain("web1-0 20 PVID Egress Untagged");
      expect(taps).toContain("192.0.2.1 ");
    });

    test.each(RELOADS[format])("%s changes neither the host nor a guest", async (command) => {
      await host.sh(`${command}; sleep 2`);
      await becomes(() => stateOfNetwork(host), byCommands);
      // NetworkManager that starts sets it on a tap that has addresses, unmanaged or not. The tap has its link-local address already.
      const sets = command === "systemctl restart NetworkManager";
      const expected = sets ? taps.replace("addrgenmode none", "addrgenmode eui64") : taps;
      expect(await stateOfTaps(host, TAPS)).toBe(expected);
    });

    test("after a reboot both are there, and the guest runs", async () => {
      await host.reboot();
      await becomes(() => stateOfNetwork(host), byCommands);
      await host.libvirt();
      await becomes(() => host.sh("virsh list --name | tr -d '\\n'"), "web1");
      await becomes(() => stateOfTaps(host, TAPS), taps);
    });
  });
});
