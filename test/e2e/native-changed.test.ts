import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bootable, NATIVE } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch, vlans } from "./stage/host/host.ts";
import { settled, shown } from "./stage/repair-check.ts";
import { becomes } from "./stage/until.ts";
import { type Cable, heardAt, legs, sentBy } from "./stage/traffic/leg-frames.ts";

const NEEDS = ["vlan-filtering", "8021q", "libvirt"] as const;
const CABLE = { device: "eth0", number: 0, untagged: 1, tagged: [10, 20, 30, 31] } as const satisfies Cable;
const MAC = "52:54:00:00:20:00";
const FOREIGN = "52:54:00:66:66:66";

/** The only, or last, interface of a domain. */
const lastInterface = (domain: string): string =>
  domain.slice(domain.lastIndexOf("<interface "), domain.lastIndexOf("</interface>") + "</interface>".length);

describeInLab("a VLAN that libvirt sets, while its guest runs", [...NEEDS, "libvirt-vlan"], () => {
  let lab: Lab;
  let host: Machine;
  let physical: Machine;
  let libvirt: Libvirt;

  const flags = (port: string): Promise<string> =>
    host.sh(
      `ip -details link show dev ${port} | grep -oE '\\b(learning|locked) (on|off)' | sort | tr '\\n' ' '`,
    );
  const entries = (port: string): Promise<string> =>
    host.sh(`bridge fdb show dev ${port} | grep ^${MAC} | grep -oE '^\\S+ .*sticky' || true`);
  const sent = (source?: string) =>
    sentBy({ guest: libvirt.guest("web"), device: "eth0", mac: MAC }, [], physical, CABLE, source);

  /** `virsh update-device` with another `<vlan>`, live and for the next start. */
  const update = async (vlan: string): Promise<void> => {
    const { stdout } = await libvirt.virsh("dumpxml", "web");
    const nic = lastInterface(stdout).replace(/<vlan[^]*<\/vlan>/, vlan);
    expect(nic).toContain(vlan);
    await host.writeFile("/run/nic.xml", nic);
    expect(await libvirt.virsh("update-device", "web", "/run/nic.xml", "--live", "--config")).toMatchObject({
      code: 0,
    });
  };

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    physical = await lab.machine("switch");
    await lab.wire(host, "up0", physical, "eth0");
    await host.sh(`
      ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 mcast_snooping 0
      ip link set up0 master br0; ip link set br0 up
      for vid in ${CABLE.tagged.join(" ")}; do bridge vlan add dev up0 vid $vid; done`);
    await physical.sh(legs(CABLE));
    expect(await guestnetOn(host, "install")).toMatchObject({ code: 0 });
    libvirt = await host.libvirt();
    const nic = { type: "bridge", bridge: "br0", vlan: 20, mac: MAC };
    await launch(libvirt, "web", bootable("web", [nic], "ip link set eth0 up", NATIVE));
    await libvirt.guest("web").ready();
  });
  afterAll(async () => {
    await lab.close();
  });

  test("it starts as it should be, and status says so", async () => {
    expect(await vlans(host, "web-0")).toEqual(["20 PVID Egress Untagged"]);
    expect([await flags("web-0"), await entries("web-0")]).toEqual([
      "learning off locked on ",
      expect.stringContaining("vlan 20"),
    ]);
    const { code, stdout } = await guestnetOn(host, "status");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^web +web-0 +access br0 +20 +ok +/m);
    expect(await sent(FOREIGN)).toEqual([]);
  });

  test("virsh update-device moves the port to another VLAN, and takes our checks off it", async () => {
    await update("<vlan><tag id='30'/></vlan>");
    expect(await vlans(host, "web-0")).toEqual(["30 PVID Egress Untagged"]);
    expect([await flags("web-0"), await entries("web-0")]).toEqual(["learning on locked off ", ""]);
    expect(await heardAt(host, ["web-0"], physical, [CABLE])).toEqual({ "web-0": ["untagged of VLAN 30"] });
    expect([await sent(), await sent(FOREIGN)]).toEqual([["untagged in VLAN 30"], ["untagged in VLAN 30"]]);
  });

  test("status and plan show that, and apply puts them back", async () => {
    expect(await shown(host)).toEqual([
      expect.objectContaining({
        tap: "web-0",
        state: "drift",
        reasons: expect.arrayContaining([
          expect.stringMatching(/locked on .*found false/),
          expect.stringMatching(/missing: forwarding entry/),
        ]),
      }),
    ]);
    const planned = await guestnetOn(host, "plan");
    expect(planned.code).toBe(2);
    expect(planned.stdout).toMatch(/^bridge link set dev web-0 .*locked on/m);
    expect(planned.stdout).toMatch(
      new RegExp(`^bridge fdb replace ${MAC} dev web-0 vlan 30 master static sticky`, "m"),
    );
    expect(planned.stdout).not.toContain("bridge vlan");
    expect(await guestnetOn(host, "apply", "--yes")).toMatchObject({ code: 0 });
    expect(await guestnetOn(host, "plan")).toEqual({ code: 0, stdout: "", stderr: "nothing to do\n" });
    expect([await sent(), await sent(FOREIGN)]).toEqual([["untagged in VLAN 30"], []]);
  });

  test("that is what the guest's next start makes of it", async () => {
    const applied = await settled(host);
    expect(await libvirt.virsh("destroy", "web")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "web")).toMatchObject({ code: 0, stderr: "" });
    await libvirt.guest("web").ready();
    await becomes(() => settled(host), applied);
  });

  test("an access port becomes a trunk with a native VLAN in the same way, and a restart of libvirtd puts our checks back", async () => {
    await update("<vlan trunk='yes'><tag id='10' nativeMode='untagged'/><tag id='30'/><tag id='31'/></vlan>");
    expect(await vlans(host, "web-0")).toEqual(["10 PVID Egress Untagged", "30", "31"]);
    expect(await shown(host)).toMatchObject([{ tap: "web-0", state: "drift" }]);
    await libvirt.restart();
    await becomes(() => shown(host), []);
    expect(await heardAt(host, ["web-0"], physical, [CABLE])).toEqual({
      "web-0": ["tagged 30 of VLAN 30", "tagged 31 of VLAN 31", "untagged of VLAN 10"],
    });
    expect([await sent(), await sent(FOREIGN)]).toEqual([["untagged in VLAN 10"], []]);
  });

  test("guestnet set changes the VLAN itself, with our checks on the port, live and for the next start", async () => {
    expect(await guestnetOn(host, "set", "web", "web-0", "vlan=20", "--persistent")).toMatchObject({
      code: 0,
    });
    expect(await vlans(host, "web-0")).toEqual(["20 PVID Egress Untagged"]);
    expect([await flags("web-0"), await entries("web-0")]).toEqual([
      "learning off locked on ",
      expect.stringContaining("vlan 20"),
    ]);
    expect([await shown(host), await guestnetOn(host, "plan")]).toEqual([
      [],
      { code: 0, stdout: "", stderr: "nothing to do\n" },
    ]);
    expect([await sent(), await sent(FOREIGN)]).toEqual([["untagged in VLAN 20"], []]);
    expect(await heardAt(host, ["web-0"], physical, [CABLE])).toEqual({ "web-0": ["untagged of VLAN 20"] });
    const set = await settled(host);
    expect(await libvirt.virsh("destroy", "web")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "web")).toMatchObject({ code: 0, stderr: "" });
    await libvirt.guest("web").ready();
    await becomes(() => settled(host), set);
  });

  test("what the host has not is refused before libvirt is asked, and the port stays as it was", async () => {
    const before = await settled(host);
    await host.sh("ip link add link up0 name up0.30 type vlan id 30");
    const { code, stderr } = await guestnetOn(host, "set", "web", "web-0", "vlan=30");
    expect([code, stderr]).toEqual([1, expect.stringContaining("up0.30")]);
    await host.sh("ip link del up0.30");
    expect(await settled(host)).toBe(before);
    expect((await libvirt.virsh("dumpxml", "web")).stdout).toContain("<tag id='20'/>");
  });

  test("a trunk with a native VLAN is set in the same way, and a tap that is down stays so", async () => {
    await host.sh("ip link set web-0 down");
    expect(await guestnetOn(host, "set", "web", "web-0", "trunk=30,31", "native=10")).toMatchObject({
      code: 0,
    });
    expect(await vlans(host, "web-0")).toEqual(["10 PVID Egress Untagged", "30", "31"]);
    expect(await shown(host)).toMatchObject([{ tap: "web-0", state: "down" }]);
    await host.sh("ip link set web-0 up");
    expect(await heardAt(host, ["web-0"], physical, [CABLE])).toEqual({
      "web-0": ["tagged 30 of VLAN 30", "tagged 31 of VLAN 31", "untagged of VLAN 10"],
    });
    expect([await sent(), await sent(FOREIGN)]).toEqual([["untagged in VLAN 10"], []]);
    expect(await guestnetOn(host, "set", "web", "web-0", "vlan=20", "--flap")).toMatchObject({ code: 0 });
    expect(await sent()).toEqual(["untagged in VLAN 20"]);
  });

  test("a NIC plugged in by virsh is in its VLANs at once, without us", async () => {
    const nics = [0, 1].map((index) => ({
      type: "bridge",
      bridge: "br0",
      vlan: 20 + 10 * index,
      mac: `52:54:00:00:2${String(index)}:00`,
    }));
    await host.writeFile("/run/nic.xml", lastInterface(bootable("web", nics, "", NATIVE)));
    expect(await libvirt.virsh("attach-device", "web", "/run/nic.xml", "--live")).toMatchObject({ code: 0 });
    expect(await vlans(host, "web-1")).toEqual(["30 PVID Egress Untagged"]);
    expect(await flags("web-1")).toBe("learning on locked off ");
    expect(await heardAt(host, ["web-1"], physical, [CABLE])).toEqual({ "web-1": ["untagged of VLAN 30"] });
    const guest = libvirt.guest("web");
    await guest.sh(
      "echo 1 >/sys/bus/pci/rescan; until [ -e /sys/class/net/eth1 ]; do sleep 0.1; done; ip link set eth1 up",
    );
    const plugged = { guest, device: "eth1", mac: "52:54:00:00:21:00" };
    expect(await sentBy(plugged, [20, 30], physical, CABLE)).toEqual([
      "tagged 30 in VLAN 30",
      "untagged in VLAN 30",
    ]);
  });

  test("one that guestnet plugs in is locked as well, beside NICs whose VLANs are libvirt's", async () => {
    await host.writeFile(
      "/run/nic.json",
      '{ "type": "bridge", "bridge": "br0", "trunk": [30], "native": 20 }',
    );
    expect(await guestnetOn(host, "attach", "web", "/run/nic.json")).toMatchObject({ code: 0 });
    expect(await vlans(host, "web-2")).toEqual(["20 PVID Egress Untagged", "30"]);
    expect(await flags("web-2")).toBe("learning off locked on ");
    expect(await shown(host)).toEqual([]);
    expect(await heardAt(host, ["web-2"], physical, [CABLE])).toEqual({
      "web-2": ["tagged 30 of VLAN 30", "untagged of VLAN 20"],
    });
  });
});
