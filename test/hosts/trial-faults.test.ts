import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { becomes, until } from "../e2e/stage/until.ts";
import type { Ran } from "../lab/lab.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { HOST } from "./stage/host-network.ts";
import { allowSsh, BEFORE, startBefore, stateOfHost } from "./stage/host-trial.ts";
import { guestnet } from "./stage/program.ts";
import { beforeFirstStep, keepRecord, killAtSteps, watchSteps } from "./stage/trial-steps.ts";

/** Makes /etc a file system in memory, with what is in it. */
const OWN_FILE_SYSTEM = `mkdir -p /mnt/etc && mount -t tmpfs -o size=64m etc /mnt/etc
  cp -a /etc/. /mnt/etc/ && mount --bind /mnt/etc /etc`;
const FILL = "mount -o remount,size=$(df --output=used -k /etc | tail -n 1 | tr -d ' ')k /etc";
const FREE = "mount -o remount,size=64m /etc";

const MINUTES = 60_000;

describeOnHosts("faults of guestnet host by ssh", (release) => {
  let hosts: Hosts;
  let host: Host;
  let before: string;
  let uri: string;
  const words = (timeout: number, file = "/root/host.json") => [
    ...["host", "try", file, "--remove", BEFORE.networkd.file],
    ...["--host", uri, "--timeout", `${timeout}`],
  ];
  const tries = (timeout = 600): Promise<Ran> => guestnet(host, ...words(timeout));
  const isBefore = (): Promise<void> => becomes(() => stateOfHost(host), before);

  beforeAll(async () => {
    hosts = await openHosts(release, ["vlan-filtering", "nft-inet"]);
    host = await hosts.host("kvm1");
    before = await startBefore(host, "networkd");
    uri = await allowSsh(host);
    await watchSteps(host);
    await keepRecord(host);
    expect(await tries(10)).toMatchObject({ code: 0 });
    await isBefore();
  });
  afterAll(async () => {
    await hosts.close();
  });

  test("a trial of another host that is not compared with host.json in time is put back", async () => {
    const trying = await host.background(["guestnet", ...words(600)]);
    await until(host, "[ -e /etc/guestnet-trial/phase.changing ]");
    await host.sh("kill -STOP $(pgrep -f '[g]uestnet host try')");
    await isBefore();
    expect(await host.sh("cat /run/guestnet/host-trial.json")).toContain(
      '"reason":"the host was not compared with host.json within 45 s"',
    );
    await host.sh("kill -KILL $(pgrep -f '[g]uestnet host try')");
    await trying.stop();
  });

  test.each([
    ["unit", 5],
    ["unit at boot", 1],
  ] as const)(
    "a trial that is killed in the middle, and goes on by its %s, is put back whole",
    async (unit, stride) => {
      expect(await killAtSteps(host, unit, stride)).toMatch(/^1\d\d steps\n$/);
      await isBefore();
    },
    30 * MINUTES,
  );

  test("a trial of a host.json that cannot be applied is put back", async () => {
    const wrong = { ...HOST, bridges: { br0: { ...HOST.bridges.br0, uplinks: ["eno9"] } } };
    await host.writeFile("/root/wrong.json", JSON.stringify(wrong));
    const ran = await guestnet(host, ...words(600, "/root/wrong.json"));
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringMatching(/put back: the host does not match host.json: .*eno9: no device physical/),
    ]);
    await isBefore();
  });

  test("a trial on a full disk is refused, with nothing changed", async () => {
    await host.sh(`${OWN_FILE_SYSTEM}; ${FILL}`);
    const ran = await tries();
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringMatching(/cannot write .* on 127\.0\.0\.1: no space left on device/),
    ]);
    await host.sh(FREE);
    await isBefore();
  });

  test("a trial whose disk is full once it has begun is put back", async () => {
    await beforeFirstStep(host, FILL);
    const ran = await tries();
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringMatching(/put back: cannot write the files: .*[Nn]o space left on device/),
    ]);
    await host.sh(FREE);
    await isBefore();
  });
});
