import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import {
  HERE,
  hostRoutes,
  launchMoving,
  nothingLeft,
  PINGED,
  routedTo,
  settled,
} from "./stage/moves/moving-guest.ts";
import { expectLostOnce, pingDuring } from "./stage/traffic/pinged.ts";
import { ROUTING_DAEMONS } from "./stage/hosts/routing.ts";
import { migrate, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openRouted, ROUTED_NEEDS } from "./stage/hosts/two-hosts-routed.ts";

describe.each(ROUTING_DAEMONS)("%s", (daemon) => {
  describeInLab("a routed guest that runs before its memory is there", ROUTED_NEEDS, () => {
    let two: TwoHosts;
    beforeAll(async () => {
      two = await openRouted(daemon);
      await launchMoving(two, two.h1);
    });
    afterAll(async () => {
      await two.lab.close();
    });

    test("post-copy: packets go to the destination while memory is still copied from the source", async () => {
      const events = await two.h1.machine.background([
        ...["virsh", "event", "--event", "lifecycle", "--loop", "--timestamp"],
      ]);
      const dump = await two.h2.machine.background([
        ...["tcpdump", "-lntti", "any", "--immediate-mode", "icmp or icmp6"],
      ]);
      const switching = ["--bandwidth", "1", "--postcopy", "--timeout", "1", "--timeout-postcopy"];
      const { came, pinged } = await pingDuring(two.middle, PINGED, () =>
        migrate("dns1", two.h1, two.h2, ...switching, "--persistent", "--undefinesource"),
      );
      expect(came).toMatchObject({ code: 0, stderr: "" });
      // The source's QEMU is there until all memory has been fetched.
      const phases = (await events.stop()).stdout;
      expect(phases).toMatch(/Suspended Post-copy/);
      const [, fetched = ""] = /^(\S+ \S+): .* Stopped Migrated$/m.exec(phases) ?? [];
      const { stdout: seen } = await dump.stop();
      const [, arrived] = /^(\S+) dns1-0 +Out .*echo request/m.exec(seen) ?? [];
      expect(Number(arrived) * 1000).toBeLessThan(Date.parse(fetched));
      await routedTo(two, two.h2);
      await nothingLeft(two.h1);
      await settled(two.h2);
      expect(await hostRoutes(two.h2.machine)).toEqual(HERE);
      expectLostOnce(pinged);
    });
  });
});
