// @alone: hooks with a tenth of their time, on one processor
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLabOnEngines } from "../lab/describe-on-engines.ts";
import { type Lab, type Machine, openLab } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { installHook } from "./stage/host/install-hook.ts";

const NEEDS = ["nft-inet"] as const;
const GUESTS = 100;
const HOOK = "/run/hook";
/** The hook with less time, for which any processor is slow. */
const hasty = (seconds: number) =>
  [
    ["timeout -s KILL 12", `timeout -s KILL ${(seconds * 1.2).toFixed(3)}`],
    ["TOOLS_END_MS = 8e3", `TOOLS_END_MS = ${(seconds * 800).toFixed(0)}`],
    ["CLEARING_ENDS_MS = 9500", `CLEARING_ENDS_MS = ${(seconds * 950).toFixed(0)}`],
    ["ALL_ENDS_MS = 1e4", `ALL_ENDS_MS = ${(seconds * 1000).toFixed(0)}`],
  ] as const;

const first = bare("g100", [{ type: "routed", addresses: ["2001:db8::100", "192.0.2.100"] }])
  .replaceAll('"', "'")
  .replaceAll(/(<uuid>.*)...(<\/uuid>)/g, "$1100$2")
  .replaceAll(/(52:54:00:..:..:)../g, "$100");

/** The XML as libvirt would write it of the guests `g100` to `g199`. */
const xmlOf = (number: number): string =>
  first
    .replaceAll(/g100|(?<=::|192\.0\.2\.)100|100(?=<\/uuid>)/g, (found) =>
      found.replace("100", String(number)),
    )
    .replaceAll(/(52:54:00:..:..:)00/g, `$1${(number - 100).toString(16).padStart(2, "0")}`);

describeInLabOnEngines("a hundred hooks at once on one slow processor", NEEDS, (engine) => {
  let lab: Lab;
  let host: Machine;

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1; mkdir /run/xml");
    for (let number = 100; number < 100 + GUESTS; number += 1)
      await host.writeFile(`/run/xml/g${String(number)}`, xmlOf(number));
    await installHook(host, engine, HOOK);
    const alone = Math.max(...(await inTurn(3)));
    for (const [from, to] of hasty(12 * alone))
      await host.sh(`grep -qF '${from}' ${HOOK} && sed -i 's/${from}/${to}/' ${HOOK}`);
  });
  afterAll(async () => {
    await lab.close();
  });

  /** @returns the seconds that the slower call of each of several lives takes, one after the other */
  const inTurn = async (lives: number): Promise<readonly number[]> => {
    const times: number[] = [];
    for (let life = 0; life < lives; life += 1)
      for (const operation of ["prepare", "release"]) {
        const begin = performance.now();
        const call = `chrt -r 20 ${HOOK} g100 ${operation} begin - </run/xml/g100`;
        await host.sh(call);
        times.push((performance.now() - begin) / 1000);
      }
    return times;
  };

  /** @returns how many of the hooks succeeded, and how many taps there are then */
  const atOnce = async (operation: string, hook = HOOK): Promise<readonly number[]> => {
    // libvirt starts each without regard to the others. They share the first processor that the lab may use, in front of whatever else
    // this machine does.
    const script = `rm -rf /run/good; mkdir /run/good
      cpu=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
      for xml in /run/xml/*; do
        guest=\${xml##*/}
        { chrt -r 20 taskset -c $cpu ${hook} $guest ${operation} begin - <$xml >>/run/said 2>&1 && echo >/run/good/$guest; } &
      done
      wait
      ls /run/good | wc -l
      ip -br link show type tun | wc -l`;
    const { stdout } = await host.run(["sh", "-ec", script], { timeoutMs: 300_000 });
    return stdout.trim().split("\n").map(Number);
  };

  test("all starts succeed", async () => {
    expect(await atOnce("prepare")).toEqual([GUESTS, GUESTS]);
    expect(await host.sh("ip -6 route show proto 76 | wc -l; cat /run/said")).toBe(`${String(GUESTS)}\n`);
  });

  test("all releases take their taps away", async () => {
    expect(await atOnce("release")).toEqual([GUESTS, 0]);
    expect(await host.sh("cat /run/said")).toBe("");
  });

  test("without the queue most would be ended", async () => {
    await host.sh(`sed 's/command -v flock/false/' ${HOOK} >${HOOK}-unqueued; chmod 755 ${HOOK}-unqueued`);
    const [good = NaN] = await atOnce("prepare", `${HOOK}-unqueued`);
    expect(good).toBeLessThan(0.5 * GUESTS);
  });

  test("a hook that cannot lock says so, and works", async () => {
    await host.sh("rm -rf /run/guestnet /run/said; mkdir -p /run/guestnet/queue");
    const { code, stderr } = await host.run([HOOK, "g100", "release", "end", "-"], { stdin: xmlOf(100) });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "guestnet: guest g100: release: does not wait for other hooks: /run/guestnet/queue cannot be locked\n",
    });
  });
});
