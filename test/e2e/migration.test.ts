import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { launch } from "./stage/host/host.ts";
import {
  HERE,
  HERE_WHERE_LEARNED,
  hostRoutes,
  movingOnH1,
  NIC,
  routedTo,
  settled,
} from "./stage/moves/moving-guest.ts";
import { expectLostOnce } from "./stage/traffic/pinged.ts";
import { byHand, type Move, moveRouted } from "./stage/moves/routed-moves.ts";
import { ROUTING_DAEMONS } from "./stage/hosts/routing.ts";
import type { TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openRouted, ROUTED_NEEDS } from "./stage/hosts/two-hosts-routed.ts";
import { until } from "./stage/until.ts";

const MOVES = 10;
/** How many times as long as for a route that is added by hand it may take from QEMU's first frame to the router's first ping. */
const AS_LONG_AS_BY_HAND = 4;
/** From one of the router's pings to the next, in seconds. What takes less may seem to take nothing. */
const PING_S = 0.05;

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;

describe.each(ROUTING_DAEMONS)("%s", (daemon) => {
  describeInLab("a routed guest moves to and fro", ROUTED_NEEDS, () => {
    let two: TwoHosts;
    let elsewhere: readonly string[];

    beforeAll(async () => {
      two = await openRouted(daemon);
      await movingOnH1(two);
      // A BGP session of h2's may come up last of all.
      await until(
        two.h2.machine,
        "[ $({ ip route; ip -6 route; } | grep -cE '^(192.0.2|2001:db8:0:)') = 3 ]",
      );
      elsewhere = await hostRoutes(two.h2.machine);
    });
    beforeEach(() => movingOnH1(two));
    afterAll(async () => {
      await two.lab.close();
    });

    test("before, its own host routes it to its tap, and the other one to that host", async () => {
      expect(await hostRoutes(two.h1.machine)).toEqual(HERE);
      expect(elsewhere.map((line) => line.replace(/via \S+/, "via H1"))).toEqual([
        "192.0.2.53 via H1 dev up0 learned",
        "2001:db8:0:1::53 via H1 dev up0 learned",
        "2001:db8:0:53::/64 via H1 dev up0 learned",
      ]);
    });

    test(`${String(MOVES)} moves: no packet goes to the destination before, and then the router finds it as soon as a route by hand`, async () => {
      const all: Move[] = [];
      const hands: number[] = [];
      for (let number = 0; number < MOVES; number += 1) {
        const [from, to] = number % 2 === 0 ? [two.h1, two.h2] : [two.h2, two.h1];
        hands.push(await byHand(two, to));
        all.push(await moveRouted(two, from, to));
      }
      // While memory is copied, packets go to the source alone, and all that is lost is lost at one time.
      expect(all.flatMap(({ onDestination: { before } }) => before)).toEqual([]);
      for (const { pinged } of all) expectLostOnce(pinged);
      const delays = all.map(({ onDestination: { delay } }) => delay);
      expect(median(delays) / Math.max(median(hands), PING_S)).toBeLessThan(AS_LONG_AS_BY_HAND);
      // Afterwards all is as after a cold start, on both hosts and the router.
      await settled(two.h1);
      expect(await hostRoutes(two.h1.machine)).toEqual(HERE);
      await routedTo(two, two.h1);
      expect(await hostRoutes(two.h2.machine)).toEqual(elsewhere);
      expect(await two.h1.machine.sh("ls /run/guestnet/incoming")).toBe("");
    }, 900_000);

    test("a guest starts where the daemon has learned its addresses from another host", async () => {
      expect(await hostRoutes(two.h2.machine)).toEqual(elsewhere);
      await launch(two.h2.libvirt, "copy", bare("copy", [NIC]));
      const here = HERE_WHERE_LEARNED.map((line) => line.replace("dns1-0", "copy-0"));
      // The daemons take back what they had learned.
      await until(
        two.h2.machine,
        "! { ip route; ip -6 route; } | grep -E '(^192.0.2|^2001:db8:0:).* via .* dev up0'",
      );
      expect(await hostRoutes(two.h2.machine)).toEqual(here);
      expect(await two.h2.libvirt.virsh("destroy", "copy")).toMatchObject({ code: 0 });
      await routedTo(two, two.h1);
    });
  });
});
