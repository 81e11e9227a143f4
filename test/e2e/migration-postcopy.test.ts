import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { HERE, hostRoutes, launchMoving, nothingLeft, PINGED, routedTo, settled } from "./moving-guest.ts";
import { expectGaps, pingDuring } from "./ping-gap.ts";
import { ROUTING_DAEMONS } from "./routing.ts";
import { migrate, type TwoHosts } from "./two-hosts.ts";
import { openRouted, ROUTED_NEEDS } from "./two-hosts-routed.ts";

// In seconds, as for other moves, though the guest itself has to wait for memory that is still on the other host.
const LONGEST_GAP = 0.5;

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

    test("post-copy: packets go to the destination while memory is still fetched from the source", async () => {
      const events = await two.h1.machine.background(["virsh", "event", "--event", "lifecycle", "--loop"]);
      const switching = ["--bandwidth", "1", "--postcopy", "--timeout", "1", "--timeout-postcopy"];
      const { came, pinged } = await pingDuring(two.middle, PINGED, () =>
        migrate("dns1", two.h1, two.h2, ...switching, "--persistent", "--undefinesource"),
      );
      expect(came).toMatchObject({ code: 0, stderr: "" });
      const gaps = pinged.map(({ gap, lost }) => `${gap.toFixed(2)} s, ${String(lost.length)} lost`);
      expect((await events.stop()).stdout).toMatch(/Suspended Post-copy/);
      process.stderr.write(`${daemon}, post-copy: ${gaps.join("; ")}\n`);
      await routedTo(two, two.h2);
      await nothingLeft(two.h1);
      await settled(two.h2);
      expect(await hostRoutes(two.h2.machine)).toEqual(HERE);
      expectGaps(pinged, LONGEST_GAP);
    });
  });
});
