import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { GUEST_WITH_TRUNK as GUEST, TAPS_WITH_TRUNK as TAPS } from "./stage/guest.ts";
import {
  configureNetwork,
  type Format,
  FORMATS,
  networkByCommands,
  stateOfNetwork,
} from "./stage/host-network.ts";
import { installGuestnet } from "./stage/program.ts";
import { installRepair } from "./stage/repair-unit.ts";
import { stateOfTaps } from "./stage/taps.ts";

/** What an administrator types, and a package's upgrade. */
const COMMANDS: Readonly<Record<Format, { readonly reload: readonly string[]; readonly restart: string }>> = {
  networkd: {
    reload: ["networkctl reload", "networkctl reconfigure br0"],
    restart: "systemctl restart systemd-networkd",
  },
  netplan: { reload: ["netplan apply"], restart: "systemctl restart systemd-networkd" },
  networkmanager: {
    reload: ["nmcli connection reload", "nmcli device reapply br0"],
    restart: "systemctl restart NetworkManager",
  },
  ifupdown2: {
    reload: ["ifreload -a", "systemctl reload networking"],
    restart: "systemctl restart networking",
  },
  ifupdown: { reload: ["ifup -a"], restart: "systemctl restart networking" },
};

/** Which of the guest's ports a frame reaches that comes to the uplink with a tag: whether it is an access port, and a trunk. */
const REACHED = (vid: number): string => `nft -f - <<'END'
table bridge reached {
  chain to {
    type filter hook forward priority 0
    oifname "web1-0" arp operation request counter
    oifname "web1-2" vlan id ${String(vid)} counter
  }
}
END
  ip -n far link add link far1 name tagged type vlan id ${String(vid)}
  ip -n far address add 198.51.100.1/24 dev tagged; ip -n far link set tagged up
  ip netns exec far ping -c 1 -W 1 198.51.100.10 >/dev/null && echo host
  nft list table bridge reached | sed -n 's/.*oifname "\\(.*\\)" .*packets [1-9].*/\\1/p'
  ip -n far link delete tagged; nft delete table bridge reached`;

/** Managers whose restart nothing keeps from guests' ports: guestnet-apply repairs them. */
const REPAIRED = ["networkmanager", "ifupdown2", "ifupdown"] as const;
const isRepaired = (format: Format): format is (typeof REPAIRED)[number] =>
  REPAIRED.some((one) => one === format);

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

    const bothAre = async (): Promise<void> => {
      await becomes(() => stateOfNetwork(host), byCommands);
      expect(await stateOfTaps(host, TAPS)).toBe(taps);
    };

    describe("boot", () => {
      test("makes what the commands of iproute2 make", async () => {
        await becomes(() => stateOfNetwork(host), byCommands);
      });

      test("lets guests start, in their VLAN and with their routes", async () => {
        const libvirt = await host.libvirt();
        expect(await libvirt.define(GUEST)).toMatchObject({ code: 0 });
        expect(await libvirt.virsh("autostart", "web1")).toMatchObject({ code: 0 });
        expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
        taps = await stateOfTaps(host, TAPS);
        expect(taps).toContain("web1-0 20 PVID Egress Untagged");
        expect(taps).toContain("192.0.2.1 ");
      });

      test.each([
        [10, ["host"]],
        [20, ["web1-0", "web1-2"]],
        [30, []],
        [100, ["web1-2"]],
      ])("takes frames with the tag of VLAN %i from the uplink to %j", async (vid, reached) => {
        expect((await host.sh(REACHED(vid))).split("\n").filter((name) => name !== "")).toEqual(reached);
      });
    });

    describe("reload", () => {
      test.each(COMMANDS[format].reload)("%s changes neither the host nor a guest", async (command) => {
        await host.sh(`${command}; sleep 2`);
        await bothAre();
      });
    });

    describe(isRepaired(format) ? "restart, with guestnet-apply" : "restart", () => {
      const { restart } = COMMANDS[format];
      test(`${restart} leaves the host and a guest as they were`, async () => {
        if (isRepaired(format)) await installRepair(host, format);
        await host.sh(`${restart}; sleep 2`);
        if (isRepaired(format)) await becomes(() => stateOfTaps(host, TAPS), taps);
        await bothAre();
      });
    });

    describe("reboot", () => {
      test("makes the host and the guest again", async () => {
        await host.reboot();
        await becomes(() => stateOfNetwork(host), byCommands);
        await host.libvirt();
        await becomes(() => host.sh("virsh list --name | tr -d '\\n'"), "web1");
        await becomes(() => stateOfTaps(host, TAPS), taps);
      });
    });
  });
});
