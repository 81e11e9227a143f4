import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { guestImage, type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { genxml } from "./stage/guest/generate.ts";
import { launch, vlans } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { reaches } from "./stage/traffic/ping.ts";

const NEEDS = ["vlan-filtering", "8021q", "libvirt"] as const;

/** What the guest runs at its boot, as a word of the kernel's command line. */
const bootWord = (script: string): string => /lab\.boot=\S+/.exec(guestImage().cmdline(script))?.[0] ?? "";

const legOf = (host: number): string =>
  `ip link set eth0 up; ip addr add 10.0.40.${String(host)}/24 dev eth0`;

/** Two guests as Xen's tools have them: one paravirtual, whose kernel is in dom0, and one HVM. */
const pv = (folder: string): string => `# paravirtual, its volume is one partition
name = "shop1"
kernel = "${guestImage().kernel}"
ramdisk = "${guestImage().initrd}"
root = "/dev/xvda2 ro"
extra = "console=hvc0 clocksource=xen quiet panic=-1 no_timer_check tsc=reliable nokaslr ${bootWord(legOf(11))}"
memory = ${String(guestImage().memory)}
disk = [ 'file:${folder}/shop1.img,xvda2,w' ]
vif = [ 'mac=00:16:3e:00:40:11,bridge=br40' ]
`;
const hvm = (folder: string): string => `builder = "hvm"
name = "mail1"
kernel = "${guestImage().kernel}"
ramdisk = "${guestImage().initrd}"
extra = "quiet panic=-1 no_timer_check tsc=reliable nokaslr ${bootWord(legOf(12))}"
memory = ${String(guestImage().memory)}
boot = "cd"
disk = [ '${folder}/mail1.qcow2,qcow2,hda,w', ',hdc:cdrom,r' ]
vif = [ 'type=ioemu,mac=00:16:3e:00:40:12,bridge=br40' ]
vnc = 0
serial = "pty"
`;

describeInLab("guests that come from Xen", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;
  let folder = "";

  const pings = (from: string, to: string): Promise<boolean> => reaches(libvirt.guest(from), to);

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    const physical = await lab.machine("switch");
    await lab.wire(host, "up0", physical, "eth0");
    await host.sh(`
      ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0
      ip link set up0 master br0; ip link set br0 up; bridge vlan add dev up0 vid 40`);
    await physical.sh(`
      ip link add link eth0 name eth0.40 type vlan id 40
      ip link set eth0 up; ip link set eth0.40 up; ip addr add 10.0.40.1/24 dev eth0.40`);
    await installHook(host);
    libvirt = await host.libvirt();
    folder = mkdtempSync(join(tmpdir(), "guestnet-xen-"));
    await host.sh(`cd ${folder}; truncate -s 16M shop1.img; qemu-img create -q -f qcow2 mail1.qcow2 16M`);
    writeFileSync(join(folder, "shop1.cfg"), pv(folder));
    writeFileSync(join(folder, "mail1.cfg"), hvm(folder));
    const files = ["shop1", "mail1"].map((name) => join(folder, `${name}.cfg`));
    const ran = genxml([
      "import",
      "xen",
      ...files,
      "-o",
      join(folder, "guests/"),
      "--bridge-map",
      "br*=br0:*",
    ]);
    expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status: 0, stdout: "" });
    for (const name of ["shop1", "mail1"]) {
      // The lab has no KVM, and its file system no O_DIRECT; nothing else of the profile is touched.
      const text = readFileSync(join(folder, "guests", `${name}.json`), "utf8").replace(
        '"format"',
        '"cache": "writeback", "format"',
      );
      const made = genxml(["-"], text.replace("{", '{ "virtType": "qemu",'));
      expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: "" });
      await launch(libvirt, name, made.stdout);
    }
    for (const name of ["shop1", "mail1"]) await libvirt.guest(name).ready();
  });
  afterAll(async () => {
    await lab.close();
    if (folder !== "") rmSync(folder, { recursive: true });
  });

  test("boot with their disks under the new names, and keep their MAC addresses", async () => {
    for (const [name, last] of [
      ["shop1", "11"],
      ["mail1", "12"],
    ] as const) {
      const { stdout } = await libvirt.guest(name).sh("cat /sys/class/net/eth0/address /proc/cmdline");
      expect(stdout).toContain(`00:16:3e:00:40:${last}`);
      expect(stdout).toContain("console=ttyS0");
      expect(stdout).not.toMatch(/hvc0|xvda|clocksource=xen/);
      expect(await host.sh(`virsh domblklist ${name}`)).toMatch(/\bvda\b/);
    }
    const { stdout } = await libvirt.guest("shop1").sh("cat /proc/cmdline");
    expect(stdout).toContain("root=/dev/vda ro");
  });

  test("are in the VLAN of their old bridge", async () => {
    for (const name of ["shop1", "mail1"])
      expect(await vlans(host, `${name}-0`)).toEqual(["40 PVID Egress Untagged"]);
  });

  test("reach their network and each other", async () => {
    for (const name of ["shop1", "mail1"]) expect(await pings(name, "10.0.40.1")).toBe(true);
    expect(await pings("shop1", "10.0.40.12")).toBe(true);
  });
});
