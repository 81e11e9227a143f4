import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { describeInLabOnEngines } from "../lab/describe-on-engines.ts";
import { bare, bootable } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { qemus, vlans } from "./stage/host/host.ts";
import { BRIDGES, NEEDS, NICS, openTwoBridges, type TwoBridges } from "./stage/hosts/two-bridges.ts";
import { becomes, until } from "./stage/until.ts";

const DISK = "/var/lib/libvirt/images/g.qcow2";
const SAVED = "/var/lib/libvirt/g.save";

/** A guest of two bridges that can be snapshot, and whose screen has a password. */
const guestXml = (vlan: number): string =>
  bootable("g", [{ ...NICS[0], vlan }, NICS[1] ?? {}], "true").replace(
    "<devices>",
    `<devices><disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="${DISK}"/><target dev="vda" bus="virtio"/></disk>
       <graphics type="vnc" port="-1" autoport="yes" listen="127.0.0.1" passwd="hunter2!"/>`,
  );

describeInLabOnEngines("the life of a guest on two bridges", NEEDS, (engine) => {
  let on: TwoBridges;
  let before: string;
  let running: string;

  /** The guest is gone, and with it all that was its own. */
  const isGone = async (): Promise<void> => {
    expect((await on.virsh("domstate", "g")).trim()).toBe("shut off");
    expect(await on.state()).toBe(before);
  };
  const isRight = async (): Promise<void> => {
    expect(await on.state()).toBe(running);
  };

  beforeAll(async () => {
    on = await openTwoBridges(engine);
    await on.host.sh(`mkdir -p /var/lib/libvirt/images; qemu-img create -q -f qcow2 ${DISK} 1M`);
    expect(await on.libvirt.define(guestXml(20))).toMatchObject({ code: 0 });
    before = await on.state();
    await on.virsh("start", "g");
    running = await on.state();
    await on.libvirt.guest("g").ready();
  });
  /** It runs as it should, whatever an earlier test has left. */
  beforeEach(async () => {
    if ((await on.state()) === running) return;
    for (const command of ["destroy", "managedsave-remove"]) await on.libvirt.virsh(command, "g");
    expect(await on.libvirt.define(guestXml(20))).toMatchObject({ code: 0 });
    await on.virsh("start", "g");
    await isRight();
    await on.said();
  });
  afterAll(async () => {
    await on.lab.close();
  });
  afterEach(async () => {
    const { stdout, stderr, journal } = await on.said();
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
    expect(journal).not.toContain("hunter2");
  });

  test("cold start: each port has exactly its VLANs, flags and forwarding entries", async () => {
    expect(await vlans(on.host, "g-0")).toEqual(["20 PVID Egress Untagged"]);
    expect(await vlans(on.host, "g-1")).toEqual(["10 PVID Egress Untagged", "30", "31"]);
    for (const port of ["g-0", "g-1"]) {
      expect(running).toContain(
        `${port} guard on root_block on learning off isolated ${port === "g-0" ? "off" : "on"} locked on 1`,
      );
    }
    const fdb = await on.host.sh("bridge fdb show | grep static | cut -d' ' -f2- | sort");
    expect(fdb.trim().split("\n")).toEqual([
      "dev g-0 vlan 20 sticky master br0 static",
      "dev g-1 sticky master br1 static", // of frames without a VLAN, which a bridge that filters does not have
      "dev g-1 vlan 10 sticky master br1 static",
      "dev g-1 vlan 30 sticky master br1 static",
      "dev g-1 vlan 31 sticky master br1 static",
    ]);
  });

  test("reboot from inside: the same QEMU, and unchanged ports", async () => {
    const ids = await qemus(on.host);
    const guest = on.libvirt.guest("g");
    await guest.sh("touch /before"); // in memory
    // It never answers: the shell goes with the system.
    await guest.sh("reboot -f", 1_000).catch(() => undefined);
    const rebooted = async (): Promise<boolean> => {
      await guest.ready();
      return guest.sh("[ -e /before ]", 5_000).then(
        ({ code }) => code !== 0,
        () => false,
      );
    };
    await becomes(rebooted, true);
    expect(await qemus(on.host)).toEqual(ids);
    await isRight();
  });

  test("reset, suspend and resume: unchanged ports", async () => {
    for (const command of ["reset", "suspend", "resume"]) {
      await on.virsh(command, "g");
      await isRight();
    }
  });

  test("save: nothing remains; restore: the ports are complete again, and the image keeps the password", async () => {
    await on.virsh("save", "g", SAVED);
    await isGone();
    await on.virsh("restore", SAVED);
    await isRight();
  });

  test("managed save: nothing remains; start: the ports are complete again", async () => {
    await on.virsh("managedsave", "g");
    await isGone();
    await on.virsh("start", "g");
    await isRight();
  });

  test("snapshot revert: the VLANs of the snapshot, not of the current definition", async () => {
    await on.virsh("snapshot-create-as", "g", "before-the-move");
    await on.virsh("destroy", "g");
    await isGone();
    expect(await on.libvirt.define(guestXml(40))).toMatchObject({ code: 0 });
    await on.virsh("start", "g");
    expect(await vlans(on.host, "g-0")).toEqual(["40 PVID Egress Untagged"]);
    await on.virsh("snapshot-revert", "g", "before-the-move");
    await isRight();
    await on.virsh("snapshot-delete", "g", "before-the-move");
  });

  test("destroy: nothing remains", async () => {
    await on.virsh("destroy", "g");
    await isGone();
  });

  test("create --paused: the ports are complete before the guest's first instruction, and after resume", async () => {
    await on.virsh("destroy", "g");
    await on.virsh("start", "--paused", "g");
    expect((await on.virsh("domstate", "g")).trim()).toBe("paused");
    await isRight();
    await on.virsh("resume", "g");
    await isRight();
  });

  test("kill -9 of QEMU: nothing remains, and the next start succeeds", async () => {
    const [pid = ""] = await qemus(on.host);
    await on.host.sh(`kill -9 ${pid}`);
    await until(on.host, "virsh -q domstate g | grep 'shut off'");
    await isGone();
    await on.virsh("start", "g");
    await isRight();
  });

  test("a bridge deleted and created again under a running guest: isolated until a reconnect repairs it", async () => {
    await on.host.sh(`ip link delete dev br0; ip link delete dev br1; ${BRIDGES}`);
    expect(await vlans(on.host, "g-0")).toEqual([]);
    await on.libvirt.restart();
    await repaired();
    const { journal } = await on.said();
    expect(journal).toContain("guest g repaired: ");
  });

  test("a network manager that removes the VLANs: a reconnect repairs them", async () => {
    await on.host.sh(`
      for vid in 10 30 31; do bridge vlan del dev g-1 vid $vid; done
      bridge vlan add dev g-1 vid 1 pvid untagged
      bridge link set dev g-0 learning on locked off isolated on
      bridge fdb del $(bridge fdb show dev g-0 | grep static | cut -d' ' -f1) dev g-0 vlan 20 master static`);
    expect(await on.state()).not.toBe(running);
    await on.libvirt.restart();
    await repaired();
  });

  /** libvirtd answers before its reconnect threads have ended. */
  const repaired = (): Promise<void> => becomes(on.state, running);

  test("a name with blanks and other marks is data everywhere, from start to destroy", async () => {
    const name = "my guest (2) & 'ü' 20%";
    const own = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await guestnetOn(on.host, ...args);
      if (code !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
      return stdout;
    };
    const states = async (): Promise<unknown> => {
      const { guests } = JSON.parse(await own("status", name, "--json")) as {
        readonly guests: readonly {
          readonly name: string;
          readonly nics: readonly { readonly state: string }[];
        }[];
      };
      return guests.map((guest) => [guest.name, ...guest.nics.map(({ state }) => state)]);
    };
    await on.host.sh("sysctl -qw net.ipv4.ip_forward=1");
    const interfaces = [NICS[0] ?? {}, { type: "routed", addresses: ["192.0.2.77"] }];
    expect(await on.libvirt.define(bare(name, interfaces))).toMatchObject({ code: 0 });
    await on.virsh("start", name);
    expect(await states()).toEqual([[name, "ok", "ok"]]);
    const [port = "", tap = ""] = (await on.virsh("domiflist", name)).match(/my-gue-\w+-\d/g) ?? [];
    await on.host.sh(`bridge vlan del dev ${port} vid 20; ip route del 192.0.2.77 dev ${tap}`);
    await own("apply", name, "--yes");
    expect(await states()).toEqual([[name, "ok", "ok"]]);
    // Firmware does not release a device: only the next start is without it.
    await own("detach", name, tap, "--config");
    expect(await on.virsh("dumpxml", "--inactive", name)).not.toContain(tap);
    await on.virsh("destroy", name);
    await on.virsh("undefine", name);
    await isRight();
  });
});
