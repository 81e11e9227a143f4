import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { bare } from "./generate.ts";
import { launch } from "./host.ts";
import {
  HERE,
  HERE_WHERE_LEARNED,
  hostRoutes,
  launchMoving,
  NIC,
  nothingLeft,
  PINGED,
  routedTo,
  settled,
} from "./moving-guest.ts";
import { expectGaps, type Pinged, pingDuring } from "./ping-gap.ts";
import { ROUTING_DAEMONS } from "./routing.ts";
import { migrate, type TwoHosts } from "./two-hosts.ts";
import { openRouted, ROUTED_NEEDS } from "./two-hosts-routed.ts";

const MOVES = 10;
/** In seconds. */
const LONGEST_GAP = 0.5;
/** What QEMU may take for its own pause, in milliseconds: 300, unless told otherwise. Whatever it takes beyond that is not ours. */
const MAX_DOWNTIME = 100;
/** How much of the gap may pass, in seconds, from the moment when QEMU has taken over: what the hook, the daemons and the router need. */
const OWN_GAP = 0.25;

/**
 * What tcpdump saw on the destination's tap: pings that went there before the first frame came from it, and the seconds from that
 * frame, with which QEMU takes over, to the first ping.
 */
const onDestination = (seen: string): { readonly before: readonly string[]; readonly delay: number } => {
  const onTap = seen.split("\n").filter((line) => /^\S+ dns1-0\b/.test(line));
  const isPing = (line: string): boolean => /dns1-0 +Out .*echo request/.test(line);
  const runs = onTap.findIndex((line) => !/dns1-0 +Out\b/.test(line));
  const [first, ping] = [onTap[runs], onTap.slice(runs).find(isPing)];
  if (first === undefined || ping === undefined) throw new Error(`the guest has not come: ${seen}`);
  return {
    before: onTap.slice(0, runs).filter(isPing),
    delay: Number.parseFloat(ping) - Number.parseFloat(first),
  };
};

/** A move as the router saw it. */
interface Move {
  readonly pinged: readonly Pinged[];
  /** QEMU's own pause, in milliseconds, as it says. */
  readonly downtime: number;
  readonly onDestination: ReturnType<typeof onDestination>;
}

const describeMove = ({ pinged, downtime, onDestination: { delay } }: Move): string => {
  const gaps = pinged.map(({ gap, lost }) => `${gap.toFixed(2)} s, ${String(lost.length)} lost`).join("; ");
  return `${gaps}; QEMU's pause ${String(downtime)} ms, from its first frame to the first ping ${String(Math.round(delay * 1000))} ms`;
};

describe.each(ROUTING_DAEMONS)("%s", (daemon) => {
  describeInLab("a routed guest moves to and fro", ROUTED_NEEDS, () => {
    let two: TwoHosts;
    let elsewhere: readonly string[];

    beforeAll(async () => {
      two = await openRouted(daemon);
      await launchMoving(two, two.h1);
      // A BGP session of h2's may come up last of all.
      await two.h2.machine.sh(
        "for i in $(seq 150); do [ $({ ip route; ip -6 route; } | grep -cE '^(192.0.2|2001:db8:0:)') = 3 ] && exit 0; sleep 0.2; done; exit 1",
      );
      elsewhere = await hostRoutes(two.h2.machine);
    });
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

    const move = async (number: number): Promise<Move> => {
      const [from, to] = number % 2 === 0 ? [two.h1, two.h2] : [two.h2, two.h1];
      const dump = await to.machine.background([
        ...["tcpdump", "-lntti", "any", "--immediate-mode", "not tcp"],
      ]);
      const { came: downtime, pinged } = await pingDuring(two.middle, PINGED, async () => {
        const limit = String(MAX_DOWNTIME);
        expect(await from.libvirt.virsh("migrate-setmaxdowntime", "dns1", limit)).toMatchObject({ code: 0 });
        const moved = await migrate("dns1", from, to, "--persistent", "--undefinesource");
        expect(moved).toMatchObject({ code: 0, stderr: "" });
        const { stdout } = await to.libvirt.virsh("domjobinfo", "dns1", "--completed");
        await routedTo(two, to);
        await nothingLeft(from);
        return Number(/^Total downtime: +(\d+) +ms/m.exec(stdout)?.[1]);
      });
      return { pinged, downtime, onDestination: onDestination((await dump.stop()).stdout) };
    };

    test(`${String(MOVES)} moves: the router finds it again within ${String(LONGEST_GAP)} s, no packet goes to the destination before`, async () => {
      const all: Move[] = [];
      for (let number = 0; number < MOVES; number += 1) all.push(await move(number));
      process.stderr.write(
        `${daemon}, longest gap and losses of ${PINGED.join("; ")}\n${all.map(describeMove).join("\n")}\n`,
      );
      // While memory is copied, packets go to the source alone, and all that is lost is lost at one time.
      expect(all.flatMap(({ onDestination: { before } }) => before)).toEqual([]);
      for (const { lost } of all.flatMap(({ pinged }) => pinged))
        expect((lost.at(-1) ?? 0) - (lost[0] ?? 1) + 1).toBe(lost.length);
      expect(Math.max(...all.map(({ onDestination: { delay } }) => delay))).toBeLessThan(OWN_GAP);
      for (const { pinged, downtime } of all)
        expectGaps(pinged, LONGEST_GAP + Math.max(0, downtime - MAX_DOWNTIME) / 1000);
    }, 600_000);

    test("afterwards all is as after a cold start, on both hosts and the router", async () => {
      await settled(two.h1);
      expect(await hostRoutes(two.h1.machine)).toEqual(HERE);
      await routedTo(two, two.h1);
      expect(await hostRoutes(two.h2.machine)).toEqual(elsewhere);
      expect(await two.h1.machine.sh("ls /run/guestnet/incoming")).toBe("");
    });

    test("a guest starts where the daemon has learned its addresses from another host", async () => {
      expect(await hostRoutes(two.h2.machine)).toEqual(elsewhere);
      await launch(two.h2.libvirt, "copy", bare("copy", [NIC]));
      const here = HERE_WHERE_LEARNED.map((line) => line.replace("dns1-0", "copy-0"));
      // The daemons take back what they had learned.
      await two.h2.machine.sh(
        "for i in $(seq 50); do [ -z \"$({ ip route; ip -6 route; } | grep -E '(^192.0.2|^2001:db8:0:).* via .* dev up0')\" ] && exit 0; sleep 0.1; done; exit 1",
      );
      expect(await hostRoutes(two.h2.machine)).toEqual(here);
      expect(await two.h2.libvirt.virsh("destroy", "copy")).toMatchObject({ code: 0 });
      await routedTo(two, two.h1);
    });
  });
});
