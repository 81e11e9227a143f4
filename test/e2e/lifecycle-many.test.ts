import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { qemus, vlans } from "./stage/host/host.ts";
import { addNeighbour, framesHeard } from "./stage/traffic/storm.ts";
import { NEEDS, openTwoBridges, type TwoBridges } from "./stage/hosts/two-bridges.ts";

/** Twenty QEMUs start at once, on a machine that may be busy and in a UML that has one CPU. */
const LONG_MS = 600_000;
const names = Array.from({ length: 20 }, (_, index) => `g${index}`);

describeInLab("twenty guests on two bridges", NEEDS, () => {
  let on: TwoBridges;
  let before: string;
  let running: string;
  beforeAll(async () => {
    on = await openTwoBridges();
    for (const [index, name] of names.entries()) {
      const nics = [{ type: "bridge", bridge: `br${index % 2}`, vlan: 100 + index }];
      await on.host.writeFile(`/run/${name}.xml`, bare(name, nics));
    }
    const definitions = names.map((name) => `define --validate /run/${name}.xml`).join("; ");
    expect(await on.libvirt.virsh(definitions)).toMatchObject({ code: 0, stderr: "" });
    before = await on.state();
  });
  afterAll(async () => {
    await on.lab.close();
  });

  /** One virsh for each guest, all at once. @returns what they had to complain about */
  const each = async (command: string): Promise<string> => {
    const script = `
      for guest in ${names.join(" ")}; do virsh -q -c qemu:///system ${command} $guest >/dev/null 2>/run/virsh-$guest & done
      wait
      cat /run/virsh-*`;
    const { stdout } = await on.host.run(["sh", "-c", script], { timeoutMs: LONG_MS - 60_000 });
    return stdout;
  };

  test(
    "all guests started at once: each in its VLAN",
    async () => {
      // Their firmware would only look for something to boot, for ever, on the one CPU that all share.
      expect(await each("start --paused")).toBe("");
      for (const [index, name] of names.entries()) {
        expect([name, await vlans(on.host, `${name}-0`)]).toEqual([
          name,
          [`${100 + index} PVID Egress Untagged`],
        ]);
      }
      running = await on.state();
    },
    LONG_MS,
  );

  test("a restart of libvirtd with many guests: no guest is killed, and nothing changes", async () => {
    const ids = await qemus(on.host);
    expect(ids).toHaveLength(names.length);
    await on.libvirt.restart();
    // Each waits for its guest's reconnect.
    await each("dominfo");
    expect(await qemus(on.host)).toEqual(ids);
    expect(await on.state()).toBe(running);
    // Where twenty Nodes share the one slow CPU of a UML some are ended by their deadline, and their guests are spared.
    expect((await on.said()).stdout).toBe("");
  });

  test("all guests destroyed at once: nothing remains", async () => {
    await each("destroy");
    expect(await on.state()).toBe(before);
  });
});

describeInLab("100 ports brought up on a bridge with default PVID 1, under a storm in VLAN 1", NEEDS, () => {
  /** Two hosts that know nothing of each other: where there are two processors, each has one. */
  let both: readonly [TwoBridges, TwoBridges];
  beforeAll(async () => {
    both = await Promise.all([openTwoBridges(), openTwoBridges()]);
    for (const { host } of both) await addNeighbour(host);
  });
  afterAll(async () => {
    for (const { lab } of both) await lab.close();
  });

  test("25 ports at a time, four times: no frame reaches a guest", async () => {
    const onEach = both.map(async (on) => {
      for (const name of ["a", "b"]) expect([name, await framesHeard(on, name, 25)]).toEqual([name, 0]);
    });
    await Promise.all(onEach);
  });

  test("control: a hook that does not empty the queues lets the frames in", async () => {
    const [on] = both;
    await on.host.sh(
      "grep -q '\\[0, TUN_QUEUE]' /run/hook; sed -i 's/\\[0, TUN_QUEUE]/[TUN_QUEUE, TUN_QUEUE]/' /run/hook",
    );
    expect(await framesHeard(on, "e", 5)).toBeGreaterThan(0);
  });
});
