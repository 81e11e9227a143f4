import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { settled, shown } from "./stage/repair-check.ts";
import { ifup, interfacesFile } from "./stage/guest/guest-side.ts";
import { answers } from "./stage/traffic/ping.ts";
import { launchConfigured } from "./stage/guest/routed-guest.ts";
import { becomes } from "./stage/until.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;
const FIRST = { type: "routed", addresses: ["192.0.2.1"] };
const SECOND = { type: "routed", addresses: ["192.0.2.9", "2001:db8::9"] };

describeInLab("a routed NIC, plugged into a running guest", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;
  let before: string;

  const devices = async (): Promise<readonly string[]> =>
    (await libvirt.guest("g1").sh("ls /sys/class/net")).stdout.trim().split(/\s+/).sort();
  const metadata = async (...more: readonly string[]): Promise<string> =>
    (await libvirt.virsh("metadata", "g1", "urn:guestnet:1", ...more)).stdout;
  /** Waits until the guest has noticed. */
  const sees = async (count: number): Promise<void> => {
    // The lab's small kernel has no ACPI, and so does not hear that there is something new.
    await libvirt.guest("g1").sh("echo 1 >/sys/bus/pci/rescan");
    await becomes(async () => (await devices()).length, count);
  };

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    expect(await guestnetOn(host, "install")).toMatchObject({ code: 0 });
    libvirt = await host.libvirt();
    await launchConfigured(libvirt, "g1", [FIRST]);
    before = await settled(host);
    await host.writeFile("/run/nic.json", JSON.stringify(SECOND));
  });
  afterAll(async () => {
    await lab.close();
  });

  test("what is wrong with its file is said with its place, and nothing changes", async () => {
    await host.writeFile("/run/bad.json", '{ "type": "routed",\n  "addresses": ["192.0.2.300"] }');
    const { code, stderr } = await guestnetOn(host, "attach", "g1", "/run/bad.json");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^\/run\/bad\.json:2:17: error: addresses\[0\]: .* \[address\]\n$/),
    });
    expect(await settled(host)).toBe(before);
  });

  test("attached, it works, and status and the hook know it", async () => {
    const { code, stderr } = await guestnetOn(host, "attach", "g1", "/run/nic.json", "--persistent");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^guest g1: attached NIC g1-1 \(52:54:00:\S+\), live and config\n$/),
    });
    expect(await shown(host)).toEqual([]);
    expect((await guestnetOn(host, "status")).stdout).toMatch(
      /^g1 +g1-1 +routed +192\.0\.2\.9 2001:db8::9 +ok/m,
    );
    await sees(3);
    const both = interfacesFile("g1", [FIRST, SECOND]);
    const { stdout } = await libvirt.guest("g1").sh(`${ifup(both, "eth1")}\ncat /ifup.log /ifup.status`);
    expect(stdout).toMatch(/\n0\n$/);
    expect(await answers(host, "2001:db8::9")).toBe(true);
    expect(await metadata("--live")).toContain("2001:db8::9");
    expect(await metadata("--config")).toContain("2001:db8::9");
  });

  test("its addresses are changed while it runs", async () => {
    const set = await guestnetOn(
      host,
      "set",
      "g1",
      "g1-1",
      "addresses=192.0.2.10",
      "prefixes=198.51.100.0/28",
      "--persistent",
    );
    expect(set).toMatchObject({ code: 0, stderr: expect.stringMatching(/, live and config\n$/) });
    expect(await host.sh("ip route show proto 76 dev g1-1")).toMatch(
      /^192\.0\.2\.10 scope link *\n198\.51\.100\.0\/28 via 192\.0\.2\.10 onlink *\n$/,
    );
    expect(await metadata("--config")).not.toContain("192.0.2.9<");
    expect(await shown(host)).toEqual([]);
  });

  test("a restart of the daemon and of the guest keeps it", async () => {
    await libvirt.restart();
    expect(await shown(host)).toEqual([]);
    expect(await libvirt.virsh("destroy", "g1")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "g1")).toMatchObject({ code: 0, stderr: "" });
    expect((await guestnetOn(host, "status")).stdout).toMatch(
      /^g1 +g1-1 +routed +192\.0\.2\.10 198\.51\.100\.0\/28 +ok/m,
    );
    await libvirt.guest("g1").ready();
  });

  test("detached, nothing of it is left, here and in the guest", async () => {
    const detached = guestnetOn(host, "detach", "g1", "g1-1", "--persistent");
    // Nor does it let go of anything; QEMU takes away what was asked for when the machine is reset (acpi_pcihp_reset).
    await host.sh("sleep 3");
    expect((await libvirt.virsh("metadata", "g1", "urn:guestnet:1", "--live")).stdout).toContain(
      "192.0.2.10",
    );
    expect(await libvirt.virsh("reset", "g1")).toMatchObject({ code: 0 });
    expect(await detached).toEqual({
      code: 0,
      stdout: "",
      stderr: "guest g1: detached NIC g1-1, live and config\n",
    });
    await libvirt.guest("g1").ready();
    expect(await settled(host)).toBe(before);
    await sees(2);
    expect(await metadata("--config")).not.toContain("192.0.2.10");
    expect((await libvirt.virsh("dumpxml", "g1", "--inactive")).stdout).not.toContain("g1-1");
  });

  test.each([
    [
      ["attach", "g2", "/run/nic.json"],
      /^guestnet: error: cannot find guest g2: it does not exist\nhint: did you mean g1\?\n$/,
    ],
    [
      ["detach", "g1", "g1-7"],
      /^guestnet: error: cannot find NIC g1-7: guest g1 does not have it\nhint: use one of g1-0\n$/,
    ],
    [
      ["set", "g1", "g1-0", "vlan=30"],
      /^guestnet: error: cannot change NIC g1-0 of guest g1: vlan is not a setting of this NIC.*\nhint: .+\n$/,
    ],
    [
      ["attach", "g1", "/run/none.json"],
      /^guestnet: error: cannot read \/run\/none\.json: no such file or directory\nhint: .+\n$/,
    ],
  ])("%j is an error with a hint, and nothing changes", async (args, why) => {
    const { code, stderr } = await guestnetOn(host, ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(why);
    expect(await settled(host)).toBe(before);
  });
});
