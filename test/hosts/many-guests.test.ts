import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bare } from "../e2e/stage/guest/generate.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { bridgeByNetworkd } from "./stage/networkd.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";

/** As many as a host of the lab starts within a test: with each, the emulated processors of all others have less. */
const GUESTS = 16;
const NAMES = Array.from({ length: GUESTS }, (_, n) => `g${n + 1}`);
const TEST_MS = 900_000;

const guestOf = (name: string, at: number): string =>
  bare(name, [
    { type: "bridge", bridge: "br0", vlan: 20 + (at % 8) },
    { type: "routed", addresses: [`192.0.2.${at + 1}`, `2001:db8::${(at + 1).toString(16)}`] },
  ]);

/** Runs the hook and notes when it began and ended: guest, operation, begin and end in milliseconds of the clock. */
const TIMED = `#!/bin/sh
begin=$(date +%s%3N)
/usr/local/sbin/guestnet-hook "$@"
status=$?
echo "$1 $2 $begin $(date +%s%3N) $status" >>/var/log/hook-times
exit $status
`;

/** The hook's share of the time, at most. Debian 12 has no QuickJS, and on its small processor each start of Node.js competes with the guests. */
const MOST = { bookworm: 0.75, trixie: 0.5 } as const;

interface Call {
  readonly operation: string;
  readonly begin: number;
  readonly end: number;
  readonly status: number;
}

const callsIn = (log: string): readonly Call[] =>
  log
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([, operation = "", begin, end, status]) => ({
      ...{ operation, begin: Number(begin), end: Number(end), status: Number(status) },
    }));

describeOnHosts(`a host with ${GUESTS} guests that start with it`, (release) => {
  let host: OneHost;
  beforeAll(async () => {
    host = await openHost(release);
    await bridgeByNetworkd(host);
    await installGuestnet(host);
    await host.sh("mv /etc/libvirt/hooks/qemu /usr/local/sbin/guestnet-hook");
    await host.writeFile("/etc/libvirt/hooks/qemu", TIMED, 0o755);
    const libvirt = await host.libvirt();
    for (const [at, name] of NAMES.entries()) {
      expect(await libvirt.define(guestOf(name, at))).toMatchObject({ code: 0 });
      expect(await libvirt.virsh("autostart", name)).toMatchObject({ code: 0 });
    }
  }, TEST_MS);
  afterAll(() => host.close());

  test(
    "starts all of them at boot, all right, and the hook takes its share of the time at most",
    async () => {
      await host.reboot();
      const running = async (): Promise<number> =>
        (await host.sh("cat /var/log/hook-times 2>/dev/null || true")).match(/ started /g)?.length ?? 0;
      for (let count = 1; count <= GUESTS; count += 1)
        await becomes(async () => (await running()) >= count, true);
      const calls = callsIn(await host.sh("cat /var/log/hook-times"));
      expect(calls.filter(({ status }) => status !== 0)).toEqual([]);
      const libvirt = await host.libvirt();
      expect((await libvirt.virsh("list", "--name")).stdout.trim().split("\n").sort()).toEqual(
        [...NAMES].sort(),
      );
      expect(await guestnet(host, "status")).toMatchObject({ code: 0 });
      expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });

      const all = Math.max(...calls.map(({ end }) => end)) - Math.min(...calls.map(({ begin }) => begin));
      const hook = calls.reduce((sum, { begin, end }) => sum + end - begin, 0);
      process.stderr.write(
        `${release.suite}: ${GUESTS} guests in ${all / 1000} s, ${calls.length} calls of the hook in ${hook / 1000} s\n`,
      );
      expect(hook / all).toBeLessThan(MOST[release.suite]);
    },
    TEST_MS,
  );
});
