import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Ran } from "../lab/lab.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { qemus } from "./stage/host/host.ts";
import {
  HERE,
  HERE_WHERE_LEARNED,
  hostRoutes,
  movingOnH1,
  nothingLeft,
  PINGED,
  routedTo,
} from "./stage/moves/moving-guest.ts";
import { expectLostOnce, expectNoneLost, type Pinged, pingDuring } from "./stage/traffic/pinged.ts";
import { ROUTING_DAEMONS } from "./stage/hosts/routing.ts";
import { allowSsh } from "./stage/hosts/sshd.ts";
import { type LabHost, migrate, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openRouted, ROUTED_NEEDS } from "./stage/hosts/two-hosts-routed.ts";
import { until } from "./stage/until.ts";

describe.each(ROUTING_DAEMONS)("%s", (daemon) => {
  describeInLab("something fails while a routed guest moves", ROUTED_NEEDS, () => {
    let two: TwoHosts;
    beforeAll(async () => {
      two = await openRouted(daemon);
    });
    beforeEach(() => movingOnH1(two));
    afterAll(async () => {
      await two.lab.close();
    });

    /** So slowly that there is time for something to happen while memory is copied. */
    const slowly = (during: () => Promise<unknown>): Promise<{ came: Ran; pinged: readonly Pinged[] }> =>
      pingDuring(two.middle, PINGED, async () => {
        const moving = migrate("dns1", two.h1, two.h2, "--bandwidth", "1");
        await until(two.h2.machine, "ip route show proto 76 | grep 'metric 4270000000'");
        await until(two.h1.machine, "virsh domjobinfo dns1 | grep 'Data processed: *[1-9]'");
        await during();
        return moving;
      });

    /** The guest runs on where it was, no packet was lost, and the other host has nothing of it. */
    const asBefore = async (pinged: readonly Pinged[]): Promise<void> => {
      expect((await two.h1.libvirt.virsh("domstate", "dns1")).stdout.trim()).toBe("running");
      await nothingLeft(two.h2);
      await routedTo(two, two.h1);
      expect(await hostRoutes(two.h1.machine)).toEqual(HERE);
      expectNoneLost(pinged);
    };
    const waiterOf = async ({ machine }: LabHost): Promise<string> =>
      (await machine.sh("cat /run/guestnet/incoming/*")).replace("waiter ", "").trim();

    test("while memory is copied, QEMU goes by the downtime that it was given before; both hosts' status says that it moves, and names no conflict", async () => {
      await allowSsh(two.h1.machine, [{ to: two.h2.machine, address: two.h2.address }]);
      const hosts = ["--host", "qemu:///system", "--host", "qemu+ssh://root@h2/system"];
      expect(await two.h1.libvirt.virsh("migrate-setmaxdowntime", "dns1", "100")).toMatchObject({ code: 0 });
      await slowly(async () => {
        expect((await two.h1.libvirt.virsh("migrate-getmaxdowntime", "dns1")).stdout.trim()).toBe("100");
        const status = await guestnetOn(two.h1.machine, "status", ...hosts);
        expect(status).toMatchObject({ code: 0, stderr: "" });
        const lines = status.stdout.trimEnd().split("\n").slice(1);
        expect(lines).toEqual([
          expect.stringMatching(/^h1 .* ok /),
          expect.stringMatching(/^h2 .* incoming /),
          "moving: guest dns1 runs on h1 and is paused on h2, as on its way between them",
        ]);
        expect(await two.h1.libvirt.virsh("domjobabort", "dns1")).toMatchObject({ code: 0 });
      });
      await nothingLeft(two.h2);
    });

    test("migration cancelled while memory is copied: the guest stays on the source, and nothing remains", async () => {
      const { came, pinged } = await slowly(async () => {
        const status = await guestnetOn(two.h2.machine, "status", "dns1");
        expect(status.stdout).toMatch(/dns1-0 .* incoming /);
        expect(status.code).toBe(0);
        expect(await guestnetOn(two.h2.machine, "apply", "--yes")).toMatchObject({
          code: 0,
          stderr: "nothing to do\n",
        });
        expect(await two.h1.libvirt.virsh("domjobabort", "dns1")).toMatchObject({ code: 0 });
      });
      expect(came.code).toBe(1);
      await asBefore(pinged);
    });

    test("QEMU of the destination killed while memory is copied: the guest stays on the source, and nothing remains", async () => {
      const { came, pinged } = await slowly(async () => {
        for (const pid of await qemus(two.h2.machine)) await two.h2.machine.run(["kill", "-9", pid]);
      });
      expect(came.code).toBe(1);
      await asBefore(pinged);
    });

    test("libvirtd of the destination killed while memory is copied: the guest stays on the source", async () => {
      const { came, pinged } = await slowly(() => two.h2.machine.sh("kill -9 $(cat /run/libvirtd.pid)"));
      expect(came.code).toBe(1);
      expectNoneLost(pinged);
      // What nobody has cleared away stays a stand-by, until its libvirtd is there again and does.
      await routedTo(two, two.h1);
      await two.h2.libvirt.start();
      await asBefore(pinged);
    });

    test("the waiter killed: the guest is reachable when the source has finished, plan reports it, and apply repairs it", async () => {
      const { came } = await slowly(async () => {
        await two.h2.machine.sh(`kill -9 ${await waiterOf(two.h2)}`);
        await two.h1.libvirt.virsh("migrate-setspeed", "dns1", "1000");
      });
      expect(came).toMatchObject({ code: 0 });
      expect(await guestnetOn(two.h2.machine, "plan")).toMatchObject({
        code: 2,
        stdout: expect.stringContaining("missing: route 192.0.2.53/32 dev dns1-0") as unknown,
      });
      expect(await guestnetOn(two.h2.machine, "apply", "--yes")).toMatchObject({ code: 0 });
      expect(await hostRoutes(two.h2.machine)).toEqual(HERE_WHERE_LEARNED);
    });

    test("QEMU of the source killed right after the switch: the guest is reachable on the destination", async () => {
      const { pinged } = await pingDuring(two.middle, PINGED, async () => {
        const moving = migrate("dns1", two.h1, two.h2, "--persistent", "--undefinesource");
        const frames = "/sys/class/net/dns1-0/statistics/rx_packets";
        await until(two.h2.machine, `{ read -r seen <${frames}; } 2>/dev/null && [ "$seen" != 0 ]`);
        for (const pid of await qemus(two.h1.machine)) await two.h1.machine.run(["kill", "-9", pid]);
        return moving;
      });
      expect((await two.h2.libvirt.virsh("domstate", "dns1")).stdout.trim()).toBe("running");
      await routedTo(two, two.h2);
      await nothingLeft(two.h1);
      expectLostOnce(pinged);
    });
  });
});
