import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Machine } from "../lab/lab.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { until } from "./stage/until.ts";
import { openTracedLab, TRACE_NEEDS, type TracedLab } from "./stage/host/traced-host.ts";

interface Break {
  readonly name: string;
  readonly break: string;
  readonly undo: string;
  readonly guest: string;
  readonly destination: string;
  readonly options: readonly string[];
  readonly leg: string;
  readonly hop: string;
  readonly at: string | null;
  readonly end: string;
}

interface Traced {
  readonly result: string;
  readonly ends: {
    readonly leg: string;
    readonly hop: string;
    readonly at: string | null;
    readonly end: string;
  } | null;
  readonly hops: readonly { readonly ok: boolean | null }[];
  readonly watch: {
    readonly points: readonly {
      readonly leg: string;
      readonly at: string;
      readonly packets: number | null;
      readonly frames: number | null;
    }[];
  } | null;
}

const BREAKS = JSON.parse(readFileSync("fixtures/trace/breaks.json", "utf8")) as readonly Break[];

describeInLab("guestnet trace names the hop where a packet ends", TRACE_NEEDS, () => {
  let on: TracedLab;
  let host: Machine;
  let mac: string;

  const traced = async (...args: readonly string[]): Promise<Traced & { readonly code: number }> => {
    const { code, stdout, stderr } = await guestnetOn(host, "trace", ...args, "--json");
    if (stdout === "") throw new Error(stderr);
    return { code, ...(JSON.parse(stdout) as Traced) };
  };
  const inHost = (script: string): Promise<string> => host.sh(`MAC=${mac}\n${script}`);

  beforeAll(async () => {
    on = await openTracedLab();
    ({ host } = on);
    mac = (await host.sh("virsh -q domiflist g11 | sed -n 's/^ *g11-0 .* //p'")).trim();
  });
  afterAll(async () => {
    await on.lab.close();
  });

  test.each([
    ...new Map(
      BREAKS.filter(({ guest }) => guest !== "g13").map((one) => [
        JSON.stringify([one.destination, one.options]),
        one,
      ]),
    ).values(),
  ])(
    "nothing ends from $guest to $destination $options while all is well",
    async ({ guest, destination, options }) => {
      const all = await traced(guest, destination, ...options);
      expect(all.hops.filter(({ ok }) => ok !== true)).toEqual([]);
      expect(all).toMatchObject({ code: 0, result: "passes", ends: null });
    },
  );

  test.each(BREAKS)("$name", async (one) => {
    await inHost(one.break);
    try {
      const { code, ends } = await traced(one.guest, one.destination, ...one.options);
      const { leg, hop, at, end } = one;
      expect({ code, ends }).toMatchObject({ code: 2, ends: { leg, hop, at, end } });
    } finally {
      await inHost(one.undo);
    }
  });

  test.each([
    {
      destination: "10.20.0.12",
      nic: "g12-0",
      broken: "bridge link set dev g11-0 isolated on; bridge link set dev g12-0 isolated on",
      undo: "bridge link set dev g11-0 isolated off; bridge link set dev g12-0 isolated off",
      ends: { leg: "there", hop: "isolation", end: "isolated" },
    },
    {
      destination: "192.0.2.12",
      nic: "g12-1",
      broken: "ip route change 192.0.2.12 dev g11-1 proto 76",
      undo: "ip route change 192.0.2.12 dev g12-1 proto 76",
      ends: { leg: "there", hop: "own-route", at: "g12-1", end: "elsewhere" },
    },
  ])("an address of a running guest leads to its NIC: $destination", async ({ destination, nic, ...one }) => {
    const args = ["g11", destination, ...(nic === "g12-1" ? ["--nic", "1"] : [])];
    expect(await traced(...args)).toMatchObject({
      ...{ code: 0, result: "passes" },
      to: { kind: "guest", guest: "g12", nic, address: destination },
    });
    await host.sh(one.broken);
    try {
      expect(await traced(...args)).toMatchObject({ code: 2, ends: one.ends });
    } finally {
      await host.sh(one.undo);
    }
  });

  describe("--watch counts what g11 really sends", () => {
    const OUT = ["g11", "198.51.100.1", "--nic", "1"] as const;
    // On a busy machine the programs of one device may start seconds later than those of another.
    const SECONDS = "6";
    const watched = async (): Promise<Traced & { readonly code: number }> =>
      traced(...OUT, "--watch", SECONDS);
    const LEFT =
      "nft list tables | grep -q guestnet-trace || cat /proc/[0-9]*/comm 2>/dev/null | grep -qx tcpdump";

    beforeAll(async () => {
      const guest = on.libvirt.guest("g11");
      const pings = ["ping -I eth1 198.51.100.1", "ping 10.20.0.1"];
      for (const ping of pings) {
        expect([
          ping,
          await guest.sh(`for i in $(seq 10); do ${ping} -c 1 -W 2 && exit; done; exit 1`),
        ]).toMatchObject([ping, { code: 0 }]);
        await guest.sh(`${ping} >/dev/null 2>&1 &`);
      }
    });

    test("all the way there and back, through routes and through a bridge", async () => {
      const [{ code, watch }, bridged] = await Promise.all([
        watched(),
        traced("g11", "10.20.0.1", "--watch", SECONDS),
      ]);
      expect(bridged.watch).toMatchObject({ complete: true, lastSeen: { leg: "back", at: "g11-0" } });
      expect({ code, watch }).toMatchObject({
        code: 0,
        watch: { complete: true, drops: [], missing: [], lastSeen: { leg: "back", at: "g11-1" } },
      });
      expect(watch?.points.map(({ leg, at }) => [leg, at])).toEqual([
        ["there", "g11-1"],
        ["there", "up1"],
        ["back", "up1"],
        ["back", "g11-1"],
      ]);
      for (const { packets } of watch?.points ?? []) expect(packets).toBeGreaterThan(0);
    });

    test.each([
      ["ip wall forward", "ip", "g11-1", "there", "forward"],
      ["inet wall prerouting", "inet", "up1", "back", "prerouting"],
    ])("up to the rule of %s that drops it", async (chain, family, at, leg, hook) => {
      const ends = leg === "there" ? "saddr 192.0.2.11" : "daddr 192.0.2.11";
      await host.sh(
        `nft 'add table ${family} wall; add chain ${family} wall ${hook} { type filter hook ${hook} priority 0; }; add rule ${family} wall ${hook} ip ${ends} drop'`,
      );
      try {
        const { code, watch } = await watched();
        expect({ code, watch }).toMatchObject({
          code: 2,
          watch: { complete: false, lastSeen: { leg, at }, drops: [{ leg, chain, rule: `ip ${ends} drop` }] },
        });
      } finally {
        await host.sh(`nft delete table ${family} wall`);
      }
    });

    test("up to the uplink, where the network beyond loses it and the host cannot tell why", async () => {
      await on.outside.sh("ip addr del 198.51.100.1/25 dev eth1");
      try {
        const { code, result, watch } = await watched();
        expect({ code, result, watch }).toMatchObject({
          code: 2,
          result: "passes",
          watch: { complete: false, lastSeen: { leg: "there", at: "up1" }, drops: [] },
        });
      } finally {
        await on.outside.sh(
          "ip addr add 198.51.100.1/25 dev eth1; ip route replace 192.0.2.0/26 via 198.51.100.2",
        );
      }
    });

    test("by the counters of devices, where tcpdump is not installed", async () => {
      await host.sh("mount --bind /dev/null /usr/bin/tcpdump");
      try {
        const { watch } = await watched();
        expect(watch).toMatchObject({
          lastSeen: { leg: "back", at: "g11-1" },
          missing: [expect.stringContaining("tcpdump")],
        });
        expect(watch?.points.map(({ packets }) => packets)).toEqual([null, null, null, null]);
        for (const { frames } of watch?.points ?? []) expect(frames).toBeGreaterThan(0);
      } finally {
        await host.sh("umount /usr/bin/tcpdump");
      }
    });

    test.each([
      ["INT", "100"],
      ["TERM", "100"],
      ["KILL", "3"],
    ])("nothing of it is left after SIG%s", async (signal, seconds) => {
      const command = [
        process.execPath,
        `${process.cwd()}/dist/guestnet.js`,
        "trace",
        ...OUT,
        "--watch",
        seconds,
      ];
      const running = await host.background([
        "sh",
        "-c",
        'echo $$ >/run/trace.pid; exec "$@"',
        "sh",
        ...command,
      ]);
      await until(host, "nft list tables | grep guestnet-trace");
      await host.sh(`kill -${signal} "$(cat /run/trace.pid)"`);
      // Without its parent, a program would run until it prints the next line.
      await host.sh(`timeout 30 sh -c 'while ${LEFT}; do sleep 0.2; done'`);
      await running.stop();
    });
  });
});
