import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { guestImage, type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bootable, genxml, shippedInterfaces } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch, vlans } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { reaches } from "./stage/traffic/ping.ts";
import { arrivals, shoutFrom, shoutFromGuest } from "./stage/traffic/vlan-frames.ts";

const NEEDS = ["vlan-filtering", "8021q", "libvirt"] as const;
const MAC = "52:54:00:00:40:07";
const FOREIGN = "52:54:00:66:66:66";

/** The commands with which the guide turns such a host into one with a bridge that filters VLANs. */
const guide = (): string => {
  const block = /^```sh bridge-per-vlan\n([^]*?)^```/m.exec(
    readFileSync("docs/how-to/per-vlan-bridges.md", "utf8"),
  )?.[1];
  if (block === undefined)
    throw new Error("docs/how-to/per-vlan-bridges.md does not say how the host changes");
  return block;
};

/** A guest as somebody else's tools have made it, long ago: nothing in it is of genxml. */
const old = (): string => {
  const image = guestImage();
  const { kernel, initrd, memory } = image;
  const boot = image.cmdline("ip link set eth0 up; ip addr add 10.0.40.7/24 dev eth0");
  return `<domain type='qemu'>
    <name>old1</name>
    <memory unit='MiB'>${String(memory)}</memory>
    <os>
      <type arch='x86_64' machine='pc'>hvm</type>
      <kernel>${kernel}</kernel><initrd>${initrd}</initrd><cmdline>${boot}</cmdline>
    </os>
    <features><acpi/><apic/></features>
    <devices>
      <interface type='bridge'>
        <mac address='${MAC}'/>
        <source bridge='br40'/>
        <model type='virtio'/>
      </interface>
      <serial type='pty'/>
    </devices>
  </domain>`;
};

describeInLab("a bridge for each VLAN", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let physical: Machine;
  let libvirt: Libvirt;

  const pings = (from: string, to: string): Promise<boolean> => reaches(libvirt.guest(from), to);
  const allReached = async (): Promise<void> => {
    expect(await pings("old1", "10.0.40.1")).toBe(true);
    expect(await pings("old1", "10.0.40.5")).toBe(true);
    expect(await pings("legacy1", "10.0.50.1")).toBe(true);
  };

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    physical = await lab.machine("switch");
    await lab.wire(host, "enp1s0", physical, "eth0");
    await physical.sh(`for vid in 40 50 60; do
      ip link add link eth0 name eth0.$vid type vlan id $vid; ip link set eth0.$vid up
      ip addr add 10.0.$vid.1/24 dev eth0.$vid
    done`);
    await host.sh(`for vid in 40 50; do
      ip link add link enp1s0 name enp1s0.$vid type vlan id $vid
      ip link add br$vid type bridge mcast_snooping 0
      ip link set enp1s0.$vid master br$vid; ip link set enp1s0.$vid up; ip link set br$vid up
    done`);
    await installHook(host);
    libvirt = await host.libvirt();
    const nics = shippedInterfaces("legacy1").map((nic, index) => ({
      ...nic,
      bridge: `br${["40", "50"][index] ?? ""}`,
    }));
    const boot = `ip link set eth0 up; ip addr add 10.0.40.5/24 dev eth0
      ip link set eth1 up; ip addr add 10.0.50.5/24 dev eth1`;
    await launch(libvirt, "legacy1", bootable("legacy1", nics, boot));
    await launch(libvirt, "old1", old());
    for (const name of ["legacy1", "old1"]) await libvirt.guest(name).ready();
  });
  afterAll(async () => {
    await lab.close();
  });

  test("each NIC hears the VLAN of its bridge, without a tag, and no other", async () => {
    const heard = await arrivals(host, { "legacy1-0": "out", "legacy1-1": "out" }, async () => {
      await shoutFrom(physical, "eth0", [0, 40, 50, 60]);
      await allReached();
    });
    expect(heard).toEqual({ "legacy1-0": ["untagged 40"], "legacy1-1": ["untagged 50"] });
  });

  test("what a guest sends leaves the host with the tag of its bridge's VLAN", async () => {
    const heard = await arrivals(physical, { eth0: "in" }, async () => {
      await shoutFromGuest(libvirt.guest("legacy1"), "eth1", [0]);
      await allReached();
    });
    expect(heard).toEqual({ eth0: ["50 0"] });
  });

  test("guests on one bridge reach each other, and on two they do not", async () => {
    expect(await pings("old1", "10.0.40.5")).toBe(true);
    const heard = await arrivals(host, { "legacy1-0": "out", "legacy1-1": "out" }, async () => {
      await shoutFromGuest(libvirt.guest("old1"), "eth0", [0]);
      await allReached();
    });
    expect(heard).toEqual({ "legacy1-0": ["untagged 0"], "legacy1-1": [] });
  });

  test("the hook leaves the ports as the bridge has made them: no check of MAC addresses", async () => {
    const flags = await host.sh("bridge -json -details link show dev legacy1-1");
    expect(JSON.parse(flags)).toMatchObject([{ learning: true, locked: false, isolated: true }]);
    const heard = await arrivals(physical, { eth0: "in" }, async () => {
      await shoutFromGuest(libvirt.guest("old1"), "eth0", [0], FOREIGN);
      await shoutFromGuest(libvirt.guest("legacy1"), "eth1", [0], FOREIGN);
      await allReached();
    });
    expect(heard).toEqual({ eth0: ["40 0", "50 0"] });
  });

  test("guestnet status says whom it has nothing to say of", async () => {
    expect(await guestnetOn(host, "status")).toMatchObject({
      code: 0,
      stdout:
        "no running guest has metadata of guestnet\n2 running guests without metadata of guestnet: legacy1, old1\n",
    });
    expect(await guestnetOn(host, "plan")).toMatchObject({ code: 0 });
  });

  test("virsh dumpxml, genxml import domain, define, start: the guest is on the filtering bridge", async () => {
    const folder = mkdtempSync(join(tmpdir(), "guestnet-moved-"));
    try {
      const { stdout: xml } = await libvirt.virsh("dumpxml", "old1");
      writeFileSync(join(folder, "old1.xml"), xml);
      const map = ["--bridge-map", "br*=br0:*"];
      const imported = genxml([
        "import",
        "domain",
        join(folder, "old1.xml"),
        "-o",
        join(folder, "guests/"),
        ...map,
      ]);
      expect({ status: imported.status, stdout: imported.stdout }).toEqual({ status: 0, stdout: "" });
      const made = genxml([join(folder, "guests", "old1.json")]);
      expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: "" });
      expect(await libvirt.define(made.stdout)).toMatchObject({ code: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
    // Defined, and where it was until its next start.
    await host.sh(guide());
    await allReached();
    expect(await host.sh("cat /sys/class/net/vnet*/master/ifindex")).toBe(
      await host.sh("cat /sys/class/net/br40/ifindex"),
    );
    expect(await libvirt.virsh("destroy", "old1")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "old1")).toMatchObject({ code: 0, stderr: "" });
    await libvirt.guest("old1").ready();
    expect(await vlans(host, "old1-0")).toEqual(["40 PVID Egress Untagged"]);
    expect((await libvirt.guest("old1").sh("cat /sys/class/net/eth0/address")).stdout.trim()).toBe(MAC);
    await allReached();
    expect((await guestnetOn(host, "status")).stdout).toMatch(/^old1 +old1-0 +access br0 +40 +ok +seen /m);
  });

  test("there it hears its VLAN only, and reaches the uplink and those who are still on the old bridge", async () => {
    const heard = await arrivals(
      host,
      { "old1-0": "out", "legacy1-0": "out", "legacy1-1": "out" },
      async () => {
        await shoutFrom(physical, "eth0", [0, 40, 50, 60]);
        await allReached();
      },
    );
    expect(heard).toEqual({
      "old1-0": ["untagged 40"],
      "legacy1-0": ["untagged 40"],
      "legacy1-1": ["untagged 50"],
    });
    const sent = await arrivals(physical, { eth0: "in" }, async () => {
      await shoutFromGuest(libvirt.guest("old1"), "eth0", [0], FOREIGN);
      await shoutFromGuest(libvirt.guest("legacy1"), "eth1", [0]);
      await allReached();
    });
    // From now on with its own MAC address only.
    expect(sent).toEqual({ eth0: ["50 0"] });
  });

  test("after virsh destroy nothing of the guests remains", async () => {
    for (const name of ["legacy1", "old1"])
      expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
    expect(await host.sh("ip -brief link show type tun")).toBe("");
    expect(await host.sh(`bridge fdb show | grep '^${MAC} .*static' || true`)).toBe("");
  });
});
