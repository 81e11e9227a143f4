import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Lab, Machine } from "../lab/lab.ts";
import { configured } from "./stage/guest/guest-side.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { openTwoPeers, PEER_NEEDS } from "./stage/hosts/two-peers.ts";
import { until } from "./stage/until.ts";

const THERE = "qemu+ssh://root@h2/system";

interface Place {
  readonly leg: string;
  readonly host: string | null;
}

interface Traced {
  readonly code: number;
  readonly result: string;
  readonly ends: (Place & { readonly hop: string; readonly end: string }) | null;
  readonly hops: readonly (Place & { readonly hop: string; readonly ok: boolean | null })[];
  readonly watch: {
    readonly complete: boolean;
    readonly points: readonly (Place & { readonly at: string; readonly packets: number | null })[];
  } | null;
}

describeInLab("guestnet trace over two hosts, by ssh", PEER_NEEDS, () => {
  let lab: Lab;
  let h1: Machine;
  let h2: Machine;

  const traced = async (from: string, to: string, ...more: readonly string[]): Promise<Traced> => {
    const args = ["trace", from, to, "--host", THERE, "--timeout", "30", "--json", ...more];
    const { code, stdout, stderr } = await guestnetOn(h1, ...args);
    if (stdout === "") throw new Error(stderr);
    return { ...(JSON.parse(stdout) as Omit<Traced, "code">), code };
  };
  const broken = async <T>(
    host: Machine,
    breakIt: string,
    undo: string,
    look: () => Promise<T>,
  ): Promise<T> => {
    await host.sh(breakIt);
    try {
      return await look();
    } finally {
      await host.sh(undo);
    }
  };
  const WALL =
    "nft 'add table ip wall; add chain ip wall forward { type filter hook forward priority 0; }; add rule ip wall forward ip daddr 192.0.2.2 drop'";
  const NO_WALL = "nft delete table ip wall";

  beforeAll(async () => {
    ({ lab, h1, h2 } = await openTwoPeers());
    for (const host of [h1, h2]) await installHook(host);
    await h1.sh("ip route add 192.0.2.2 via 10.0.0.2");
    await h2.sh("ip route add 192.0.2.1 via 10.0.0.1");
    const nic = (address: string) => [{ type: "routed", addresses: [address] }];
    const [one, two] = [await h1.libvirt(), await h2.libvirt()];
    await launch(two, "g2", configured("g2", nic("192.0.2.2")));
    await launch(one, "g1", configured("g1", nic("192.0.2.1"), "ping 192.0.2.2 >/dev/null 2>&1 &"));
    // An answer of g2 has come to g1, and its frames to the host.
    await until(h1, `[ "$(cat /sys/class/net/g1-0/statistics/rx_packets)" -gt 3 ]`);
    await until(h2, `[ "$(cat /sys/class/net/g2-0/statistics/rx_packets)" -gt 3 ]`);
  });
  afterAll(async () => {
    await lab.close();
  });

  test.each([
    ["g1", "g2", ["h1", "h2"], ["h2", "h1"]],
    ["g2", "g1", ["h2", "h1"], ["h1", "h2"]],
  ])("%s to %s passes both hosts, there and back", async (from, to, there, back) => {
    const { code, result, hops } = await traced(from, to);
    expect(hops.filter(({ ok }) => ok !== true)).toEqual([]);
    expect({ code, result }).toEqual({ code: 0, result: "passes" });
    const hostsOf = (wanted: string) => [
      ...new Set(hops.filter(({ leg }) => leg === wanted).flatMap(({ host }) => host ?? [])),
    ];
    expect([hostsOf("there"), hostsOf("back")]).toEqual([there, back]);
    expect(hops.filter(({ hop }) => hop === "wire").map(({ leg, host }) => [leg, host])).toEqual([
      ["there", null],
      ["back", null],
    ]);
  });

  test("rules of the other host end it there", async () => {
    const { code, ends } = await broken(h2, WALL, NO_WALL, () => traced("g1", "g2"));
    expect({ code, ends }).toMatchObject({
      code: 2,
      ends: { leg: "there", host: "h2", hop: "filter", end: "dropped" },
    });
  });

  test("a missing route of the other host ends the answer", async () => {
    const lose = "ip route del 192.0.2.1; ip route add unreachable 192.0.2.1";
    const undo = "ip route del unreachable 192.0.2.1; ip route add 192.0.2.1 via 10.0.0.1";
    const { code, ends } = await broken(h2, lose, undo, () => traced("g1", "g2"));
    expect({ code, ends }).toMatchObject({ code: 2, ends: { leg: "back", host: "h2", hop: "route" } });
  });

  test("--watch counts real packets on both hosts, and leaves nothing on either", async () => {
    const { code, watch } = await traced("g1", "g2", "--watch", "3");
    expect({ code, complete: watch?.complete }).toEqual({ code: 0, complete: true });
    expect(watch?.points.map(({ leg, host, at }) => [leg, host, at])).toEqual([
      ["there", "h1", "g1-0"],
      ["there", "h1", "up0"],
      ["there", "h2", "up0"],
      ["there", "h2", "g2-0"],
      ["back", "h2", "g2-0"],
      ["back", "h2", "up0"],
      ["back", "h1", "up0"],
      ["back", "h1", "g1-0"],
    ]);
    for (const { packets } of watch?.points ?? []) expect(packets).toBeGreaterThan(0);
    for (const host of [h1, h2]) expect(await host.sh("nft list tables")).not.toContain("guestnet-trace");
  });

  test("--watch names the other host's rule that drops real packets", async () => {
    const { code, watch } = await broken(h2, WALL, NO_WALL, () => traced("g1", "g2", "--watch", "3"));
    expect({ code, watch }).toMatchObject({
      code: 2,
      watch: {
        lastSeen: { leg: "there", host: "h2", at: "up0" },
        drops: [{ leg: "there", host: "h2", chain: "ip wall forward", rule: "ip daddr 192.0.2.2 drop" }],
      },
    });
  });
});
