import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { capture, startCapture } from "./stage/traffic/capture.ts";
import { bare, bootable } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { expectHandover, expectNoneLost, type Neighbour, startAsking } from "./stage/moves/handover.ts";
import { launch, qemus, vlans } from "./stage/host/host.ts";
import { becomes, duringCopy, GUEST, linesOf, neighbour, stateOf } from "./stage/moves/moved-ports.ts";
import { answers, reaches } from "./stage/traffic/ping.ts";
import { clear, type LabHost, migrate, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openSwitched, SWITCHED_NEEDS } from "./stage/hosts/two-hosts-switched.ts";
import { until } from "./stage/until.ts";

const NEEDS = [...SWITCHED_NEEDS, "8021q", "nft-bridge"] as const;
const NIC = { type: "bridge", bridge: "br0", vlan: 20, mac: GUEST.mac };
const FOREIGN = "52:54:00:66:66:66";
const SLOWLY = ["--bandwidth", "1"];
/** Who waits on a host for the guest to have come. */
const SETTLES = "pgrep -f 'qemu web1 settl[e]'";

describeInLab("bridge guests whose move goes wrong", NEEDS, () => {
  let two: TwoHosts;
  let beyond: readonly Neighbour[];
  /** h1 with the guest, and both without. */
  let here: string;
  let emptyH1: string;
  let emptyH2: string;

  const stateAt = async ({ libvirt }: LabHost): Promise<string> =>
    (await libvirt.virsh("domstate", "web1")).stdout.trim();
  /** The move fails, nobody beyond notices, and nothing of it is left on either host. */
  const fails = async (
    move: () => Promise<{ readonly code: number; readonly stderr: string }>,
  ): Promise<string> => {
    const before = await stateOf(two.h2);
    const asking = await startAsking(beyond);
    const { code, stderr } = await move();
    expectNoneLost(await asking.stop());
    expect(code).toBe(1);
    expect(await stateAt(two.h1)).toBe("running");
    await becomes(two.h1, here);
    await becomes(two.h2, before);
    return stderr;
  };
  /** The guest runs on h1 as after a cold start, and nothing of it is on h2. */
  const beginAnew = async (): Promise<void> => {
    for (const host of [two.h1, two.h2]) await clear(host);
    await becomes(two.h1, emptyH1);
    await becomes(two.h2, emptyH2);
    const xml = bootable("web1", [NIC], `ip link set eth0 up; ip addr add ${GUEST.address}/24 dev eth0`);
    await launch(two.h1.libvirt, "web1", xml);
    await two.h1.libvirt.guest("web1").ready();
  };

  /** A move that began slowly goes on fast. */
  const hurry = async (source: LabHost): Promise<void> => {
    // Before the first byte it would be forgotten.
    await until(source.machine, "virsh -q domjobinfo web1 | grep 'Data processed: *[1-9]'");
    expect(await source.libvirt.virsh("migrate-setspeed", "web1", "1000")).toMatchObject({ code: 0 });
  };

  beforeAll(async () => {
    two = await openSwitched(["20", "30"]);
    beyond = [{ machine: two.middle, address: "10.20.0.254" }];
    await neighbour(two.middle, "sw0", "10.20.0.254");
    [emptyH1, emptyH2] = [await stateOf(two.h1), await stateOf(two.h2)];
    await beginAnew();
    here = await stateOf(two.h1);
  });
  beforeEach(async () => {
    const [atH1, atH2] = [await stateOf(two.h1), await stateOf(two.h2)];
    if (atH1 !== here || atH2 !== emptyH2) await beginAnew();
  });
  afterAll(async () => {
    await two.lab.close();
  });

  test.each([
    [
      "whose bridge filters no VLANs",
      "ip link set br0 type bridge vlan_filtering 0",
      "bridge br0 does not filter VLANs",
      "ip link set br0 type bridge vlan_filtering 1",
    ],
    [
      "without the bridge",
      "ip link set br0 down; ip link set br0 name away0",
      "bridge br0 does not exist",
      "ip link set away0 name br0; ip link set br0 up",
    ],
  ])("a destination %s refuses, and the guest runs on", async (_, lose, why, mend) => {
    await two.h2.machine.sh(lose);
    const said = await fails(() => migrate("web1", two.h1, two.h2)).finally(() => two.h2.machine.sh(mend));
    expect(said).toContain("guestnet: guest web1 failed to start");
    expect(said).toContain(why);
  });

  test("a move that is cancelled while memory is copied leaves nothing, and the guest runs on", async () => {
    const said = await fails(async () => {
      const moving = migrate("web1", two.h1, two.h2, ...SLOWLY);
      await duringCopy(two.h2, "web1", () => two.h1.libvirt.virsh("domjobabort", "web1"));
      return moving;
    });
    expect(said).toMatch(/cancel|abort/i);
  });

  test("a destination that is killed while memory is copied leaves nothing, and the guest runs on", async () => {
    await fails(async () => {
      const moving = migrate("web1", two.h1, two.h2, ...SLOWLY);
      await duringCopy(two.h2, "web1", async () =>
        two.h2.machine.run(["kill", "-9", ...(await qemus(two.h2.machine))]),
      );
      return moving;
    });
  });

  test("a guest that has just come is held to its MAC address, before its port is locked and after", async () => {
    expect(await migrate("web1", two.h1, two.h2)).toMatchObject({ code: 0 });
    const spoof = `ip link set eth0 down; ip link set eth0 address ${FOREIGN}; ip link set eth0 up; ping -c 2 -W 1 10.20.0.254`;
    const heard = await capture(two.middle, "h2", `ether host ${FOREIGN}`, () =>
      two.h2.libvirt.guest("web1").sh(spoof),
    );
    expect(heard).toEqual([]);
    await two.h2.libvirt
      .guest("web1")
      .sh(`ip link set eth0 down; ip link set eth0 address ${NIC.mac}; ip link set eth0 up`);
    expect(await answers(two.middle, GUEST.address, "-I nb0")).toBe(true);
  });

  test("whoever waits is killed: the guest is reached all the same, and apply does what is left", async () => {
    const moving = migrate("web1", two.h1, two.h2, ...SLOWLY);
    await duringCopy(two.h2, "web1", () => two.h2.machine.sh(`kill -9 $(${SETTLES})`));
    await hurry(two.h1);
    expect(await moving).toMatchObject({ code: 0 });
    expect(await answers(two.middle, GUEST.address, "-I nb0")).toBe(true);
    // Nobody is left who would do it, however long we wait.
    expect((await two.h2.machine.run(["sh", "-c", SETTLES])).stdout).toBe("");
    const ofGuest = linesOf("web1-0");
    expect(ofGuest(await stateOf(two.h2))).not.toEqual(ofGuest(here));
    expect((await guestnetOn(two.h2.machine, "plan")).code).toBe(2);
    expect((await guestnetOn(two.h2.machine, "apply", "--yes")).code).toBe(0);
    expect((await guestnetOn(two.h2.machine, "plan")).code).toBe(0);
    expect(ofGuest(await stateOf(two.h2))).toEqual(ofGuest(here));
  });

  test("a destination without the hook: the moved guest is dark, not in a foreign VLAN, until guestnet apply", async () => {
    const hook = "/etc/libvirt/hooks/qemu";
    await two.h2.machine.sh(`mv ${hook} ${hook}.away`);
    expect(await migrate("web1", two.h1, two.h2)).toMatchObject({ code: 0 });
    await two.h2.machine.sh(`mv ${hook}.away ${hook}`);
    expect(await vlans(two.h2.machine, "web1-0")).toEqual([]);
    expect((await guestnetOn(two.h2.machine, "apply", "--yes")).code).toBe(0);
    expect(await vlans(two.h2.machine, "web1-0")).toEqual(["20 PVID Egress Untagged"]);
    // Nobody has announced it: the switch learns where it is when it speaks.
    expect(await reaches(two.h2.libvirt.guest("web1"), "10.20.0.254")).toBe(true);
    expect(await answers(two.middle, GUEST.address, "-I nb0")).toBe(true);
  });

  test("QEMU of the source is killed right after the switch-over: the guest runs on where it is", async () => {
    const asking = await startAsking(beyond);
    const uplink = await startCapture(two.h1.machine, "up0", "-tt");
    const moving = migrate("web1", two.h1, two.h2, ...SLOWLY);
    const tap = await duringCopy(two.h2, "web1", () => startCapture(two.h2.machine, "web1-0", "-tt"));
    const pids = await qemus(two.h1.machine);
    // At QEMU's first frame on the destination: libvirt ends the source's itself a few tenths of a second later.
    const announced = "tcpdump --immediate-mode -lni up0 -c 1 'rarp or (vlan and rarp)' >/dev/null 2>&1";
    const killing = two.h1.machine.run(["sh", "-c", `${announced} && kill -9 ${pids.join(" ")}`], {
      timeoutMs: 180_000,
    });
    await hurry(two.h1);
    await moving;
    expect(await killing).toMatchObject({ code: 0 });
    const asked = await asking.stop();
    expectHandover(asked, { tap: await tap.stop(), sourceUplink: await uplink.stop() }, "");
    expect(await stateAt(two.h2)).toBe("running");
    await becomes(two.h1, emptyH1);
    await becomes(two.h2, here, linesOf("web1"));
  });

  test("uplinks that follow the guests: the VLAN is there before the guest, and leaves the source after it", async () => {
    for (const port of ["h1", "h2"]) await two.middle.sh(`bridge vlan add dev ${port} vid 50`);
    const xml = bare("cam1", [{ type: "bridge", bridge: "br0", vlan: 50 }]).replace(
      /(<guestnet:access [^>]*?)\/>/,
      '$1 uplinks="up0" follow="yes"/>',
    );
    await launch(two.h1.libvirt, "cam1", xml);
    expect(await vlans(two.h1.machine, "up0")).toContain("50");
    expect(await vlans(two.h2.machine, "up0")).not.toContain("50");
    const moving = migrate("cam1", two.h1, two.h2, ...SLOWLY);
    const uplinks = await duringCopy(two.h2, "cam1", async () => [
      await vlans(two.h1.machine, "up0"),
      await vlans(two.h2.machine, "up0"),
    ]);
    for (const carried of uplinks) expect(carried).toContain("50");
    expect(await moving).toMatchObject({ code: 0 });
    expect(await vlans(two.h1.machine, "up0")).not.toContain("50");
    expect(await vlans(two.h2.machine, "up0")).toContain("50");
  });
});
