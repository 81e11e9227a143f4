import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { launch } from "../e2e/stage/host/host.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { configureNetwork } from "./stage/host-network.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";
import { installRepair } from "./stage/repair-unit.ts";
import { stateOfTaps } from "./stage/taps.ts";

/** All Ethernet devices without a file of their own, as images of clouds have it. */
const CATCH_ALL = `network:
  version: 2
  ethernets:
    others: { match: { name: "*" }, dhcp4: true, optional: true }
`;
const PROTECTION = "/etc/systemd/network/05-guestnet.network";
const COMMANDS = [
  "netplan apply",
  "netplan generate; networkctl reload",
  "systemctl restart systemd-networkd",
];

describeOnHosts("a host whose netplan has an entry for all Ethernet devices", (release) => {
  let hosts: Hosts;
  let host: Host;
  let before: string;
  beforeAll(async () => {
    hosts = await openHosts(release, ["vlan-filtering", "nft-inet"]);
    host = await hosts.host("kvm1");
    await configureNetwork(host, "netplan");
    await host.writeFile("/etc/netplan/90-others.yaml", CATCH_ALL, 0o600);
    await installGuestnet(host);
    await host.reboot();
    await launch(await host.libvirt(), "web1", GUEST);
    before = await state();
    expect(before).toContain("web1-0 20 PVID Egress Untagged");
  });
  afterAll(async () => {
    await hosts.close();
  });

  const state = (): Promise<string> => stateOfTaps(host, TAPS);

  test.each(COMMANDS)(
    "%s changes nothing of a guest, with the protection of genxml host",
    async (command) => {
      await host.sh(`${command}; sleep 2`);
      expect(await state()).toBe(before);
    },
  );

  test("without it netplan apply takes the taps, and guestnet apply repairs them", async () => {
    await host.sh(`rm ${PROTECTION}; netplan apply; networkctl reload; sleep 2`);
    expect(await state()).not.toBe(before);
    expect(await guestnet(host, "doctor")).toMatchObject({
      stdout: expect.stringMatching(/^error +systemd-networkd: .*others.network matches web1-0/m),
    });
    expect(await guestnet(host, "apply", "--yes")).toMatchObject({ code: 0 });
    await becomes(state, before);
  });

  test("the path unit has a later change repaired", async () => {
    await installRepair(host, "networkd");
    await host.sh("networkctl reconfigure web1-0 web1-1");
    await becomes(state, before);
  });
});
