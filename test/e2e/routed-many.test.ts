// @alone: measures what a start costs among 200 taps
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Machine, openLab } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { network } from "./stage/host/network.ts";

const NEEDS = ["nft-inet"] as const;
const GUESTS = 8;
const NICS = 25;
const ROUNDS = 15;

/** What libvirt hands to the hook; the taps of many guests are those of a few with many NICs. */
const xmlOf = (name: string, interfaces: readonly object[]): string =>
  bare(name, interfaces).replaceAll('"', "'");
const guest = (number: number): string =>
  xmlOf(
    `many${String(number)}`,
    Array.from({ length: NICS }, (_, nic) => ({
      type: "routed",
      addresses: [`2001:db8:${String(number)}::${String(nic)}`, `10.77.${String(number)}.${String(nic)}`],
    })),
  );
const ONE = xmlOf("one", [{ type: "routed", addresses: ["2001:db8::53", "192.0.2.53"] }]);

/** All calls of a start, or of a stop, and how many microseconds they took. */
const timed = (operations: readonly string[]): string => `
  begun=$(date +%s%N)
  for operation in ${operations.join(" ")}; do
    /etc/libvirt/hooks/qemu one $operation begin - </run/one.xml
  done
  echo $((($(date +%s%N) - begun) / 1000))`;

describeInLab(`${String(GUESTS * NICS)} taps of routed guests`, NEEDS, () => {
  let lab: Lab;
  let full: Machine;
  let empty: Machine;
  let before: string;

  const hook = async (operation: string): Promise<void> => {
    const all = Array.from({ length: GUESTS }, (_, number) => {
      const argv = ["/etc/libvirt/hooks/qemu", `many${String(number)}`, operation, "begin", "-"];
      return full.run(argv, { stdin: guest(number) });
    });
    for (const ran of await Promise.all(all)) expect(ran).toMatchObject({ code: 0, stderr: "" });
  };
  const taps = async (): Promise<number> => Number(await full.sh("ip -br link show group 76 | wc -l"));

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    [full, empty] = [await lab.machine("full"), await lab.machine("empty")];
    for (const machine of [full, empty]) {
      await machine.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
      await installHook(machine);
      await machine.writeFile("/run/one.xml", ONE);
    }
    before = await network(full);
    await hook("prepare");
  });
  afterAll(async () => {
    await lab.close();
  });

  test("are there at once, each with its routes", async () => {
    expect(await taps()).toBe(GUESTS * NICS);
    for (const family of ["-4", "-6"])
      expect(Number(await full.sh(`ip ${family} route show proto 76 | wc -l`))).toBe(GUESTS * NICS);
    // The source check of one guest is that of all.
    await empty.sh("/etc/libvirt/hooks/qemu one prepare begin - </run/one.xml");
    const rules = "nft -s list ruleset";
    expect(await full.sh(rules)).toBe(await empty.sh(rules));
    await empty.sh("/etc/libvirt/hooks/qemu one release end - </run/one.xml");
  });

  test("make a start or a stop of one more at most 1.5 times as dear as on an empty host", async () => {
    const calls = { start: ["prepare", "start", "started"], stop: ["stopped", "release"] } as const;
    const times = new Map<string, number[]>();
    const key = (what: string, where: Machine): string => `${what} ${where.name}`;
    // One beside the other, each first in turn, so that what else the machine does meets both.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const where of round % 2 === 0 ? [full, empty] : [empty, full])
        for (const what of ["start", "stop"] as const) {
          const all = times.get(key(what, where)) ?? [];
          times.set(key(what, where), [...all, Number(await where.sh(timed(calls[what])))]);
        }
    }
    const median = (what: string, where: Machine): number =>
      times.get(key(what, where))?.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
    for (const what of ["start", "stop"] as const) {
      const [alone, among] = [median(what, empty), median(what, full)];
      const ms = (time: number): string => `${(time / 1000).toFixed(0)} ms`;
      process.stderr.write(`${what} of a routed guest: ${ms(alone)} alone, ${ms(among)} among 200\n`);
      expect(among / alone).toBeLessThan(1.5);
    }
    expect(await taps()).toBe(GUESTS * NICS);
  });

  test("leave nothing", async () => {
    await hook("release");
    expect(await network(full)).toBe(before);
  });
});
