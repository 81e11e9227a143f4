import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { becomes } from "../e2e/stage/until.ts";
import type { Ran } from "../lab/lab.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { HOST } from "./stage/host-network.ts";
import { allowSsh, BEFORE, startBefore, MANAGERS, stateOfHost } from "./stage/host-trial.ts";
import { guestnet } from "./stage/program.ts";
import { stateOfTaps } from "./stage/taps.ts";

const SERVERS = { servers: { addresses: ["198.51.101.2/24"] } };

describeOnHosts("guestnet host", (release) => {
  let hosts: Hosts;
  beforeAll(async () => {
    hosts = await openHosts(release, ["vlan-filtering", "nft-inet"]);
  });
  afterAll(async () => {
    await hosts.close();
  });

  describe.each(MANAGERS)("by %s", (manager) => {
    let host: Host;
    let before: string;
    const command = (what: string, ...options: readonly string[]): Promise<Ran> =>
      guestnet(host, "host", what, "/root/host.json", "--remove", BEFORE[manager].file, ...options);
    const isBefore = (): Promise<void> => becomes(() => stateOfHost(host), before);
    const tries = async (timeout = 600): Promise<void> => {
      const ran = await command("try", "--timeout", String(timeout));
      expect(ran).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/unless you run: guestnet host confirm\n$/),
      });
      expect(await host.sh("ip -br address show br0.10")).toContain("198.51.100.10/24");
    };

    beforeAll(async () => {
      host = await hosts.host(manager);
      before = await startBefore(host, manager);
    });
    afterAll(async () => {
      await host.powerOff();
    });

    test("plan shows the files and what of the host differs, and changes nothing", async () => {
      const ran = await command("plan");
      expect(ran.code).toBe(2);
      expect(ran.stdout).toContain(`--- ${BEFORE[manager].file}\n+++ /dev/null\n`);
      expect(ran.stdout).toMatch(/^br0: no device bridge$/m);
      expect(await stateOfHost(host)).toBe(before);
    });

    test("what is not confirmed is put back", async () => {
      await tries(10);
      await isBefore();
    });

    test("a trial whose process was killed goes on, and rollback ends it", async () => {
      await tries();
      await host.sh(
        "systemctl kill --signal=KILL guestnet-host-trial; sleep 1; systemctl is-active guestnet-host-trial",
      );
      expect(await guestnet(host, "host", "rollback")).toMatchObject({ code: 0 });
      await isBefore();
    });

    test("a trial ends with the ssh session that it was started from", async () => {
      await host.sh("cp /bin/sh /root/sshd");
      const session = await host.background([
        "/root/sshd",
        "-c",
        `guestnet host try /root/host.json --remove ${BEFORE[manager].file} --timeout 600; sleep 1000; true`,
      ]);
      await becomes(
        () => host.sh("ls /etc/guestnet-trial 2>/dev/null | grep phase || true"),
        "phase.waiting\n",
      );
      await session.stop();
      await isBefore();
    });

    test("after a power cut the host boots with its former network", async () => {
      await tries();
      await host.cutPower();
      await isBefore();
    });

    test("by ssh, where nothing of guestnet is used on the host: what is not confirmed is put back", async () => {
      const uri = await allowSsh(host);
      const ran = await command("try", "--host", uri, "--timeout", "10");
      expect(ran).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("put back in 10 s unless confirmed"),
      });
      await isBefore();
    });

    test("by ssh, after a power cut: the host boots with its former network", async () => {
      const uri = await allowSsh(host);
      expect(await command("try", "--host", uri, "--timeout", "600")).toMatchObject({ code: 0 });
      await host.cutPower();
      await isBefore();
    });

    test("a host.json that cannot be applied is put back at once", async () => {
      const wrong = { ...HOST, bridges: { br0: { ...HOST.bridges.br0, uplinks: ["eno9"] } } };
      await host.writeFile("/root/wrong.json", JSON.stringify(wrong));
      const ran = await guestnet(host, "host", "try", "/root/wrong.json", "--remove", BEFORE[manager].file);
      expect(ran).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/put back: .*eno9: no device physical/),
      });
      await isBefore();
    });

    test("what is confirmed by ssh stays, and is there after a reboot", async () => {
      await tries();
      const uri = await allowSsh(host);
      expect(await guestnet(host, "host", "confirm", "--host", uri)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/the host's network is kept\n$/),
      });
      await host.reboot();
      await becomes(async () => (await guestnet(host, "host", "plan", "/root/host.json")).code, 0);
    });

    describe("while a guest runs", () => {
      let taps: string;
      /** Tries a bridge with other VLANs and devices of the host's own. */
      const triesAddresses = async (own: object, ...options: readonly string[]): Promise<void> => {
        const { br0 } = HOST.bridges;
        const wanted = { ...HOST, bridges: { br0: { ...br0, addresses: { ...br0.addresses, ...own } } } };
        await host.writeFile("/root/host.json", JSON.stringify(wanted));
        const ran = await guestnet(host, "host", "try", "/root/host.json", "--timeout", "600", ...options);
        expect(ran).toMatchObject({ code: 0 });
        expect(await stateOfTaps(host, TAPS)).toBe(taps);
      };
      const devices = (): Promise<string> => host.sh("ls /sys/class/net | grep '^br0\\.'");

      beforeAll(async () => {
        const libvirt = await host.libvirt();
        expect(await libvirt.define(GUEST)).toMatchObject({ code: 0 });
        expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
        taps = await stateOfTaps(host, TAPS);
      });

      test("it stays as it is in a trial by ssh, which is confirmed on the host itself", async () => {
        await triesAddresses(SERVERS, "--host", await allowSsh(host));
        expect(await guestnet(host, "host", "confirm")).toMatchObject({
          code: 0,
          stderr: "the host's network is kept\n",
        });
        expect(await stateOfTaps(host, TAPS)).toBe(taps);
        expect(await devices()).toBe("br0.10\nbr0.20\n");
      });

      test("a trial that takes a guest's port away is put back, with the port", async () => {
        await triesAddresses({ ...SERVERS, 101: { addresses: ["198.51.102.2/24"] } });
        await host.sh("ip link set web1-0 nomaster");
        await becomes(() => host.sh("ls /etc/guestnet-trial 2>/dev/null || true"), "");
        expect(await stateOfTaps(host, TAPS)).toBe(taps);
        expect(await devices()).toBe("br0.10\nbr0.20\n");
      });
    });
  });
});
