import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fencesOf } from "../docs/pages.ts";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { guestImage, type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bootScript } from "./stage/guest-side.ts";
import { cannotReach, reaches } from "./stage/ping.ts";
import { until } from "./stage/until.ts";

const NEEDS = ["vlan-filtering", "8021q", "nft-inet", "nft-bridge", "libvirt"] as const;

interface Written {
  readonly name: string;
  readonly interfaces: readonly object[];
}

/** The profile of a tutorial, with the lab's tiny system, configured by what genxml writes, in place of disk and seed. */
const runnable = (text: string): string => {
  const profile = JSON.parse(text) as Written;
  const image = guestImage();
  const boot = {
    kernel: image.kernel,
    initrd: image.initrd,
    cmdline: image.cmdline(bootScript(profile.name, profile.interfaces)),
  };
  const memory = `${String(image.memory)} MiB`;
  return JSON.stringify({ ...profile, disks: [], memory, virtType: "qemu", boot });
};

describeInLab("the tutorials, as they are written", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    // Where br_netfilter is loaded it is on in every new network namespace.
    await host.sh("for f in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e $f ] || echo 0 >$f; done");
    for (const program of ["genxml", "guestnet"]) {
      const script = `#!/bin/sh\nexec ${process.execPath} ${process.cwd()}/dist/${program}.js "$@"\n`;
      await host.writeFile(`/run/bin/${program}`, script, 0o755);
    }
    await host.sh("mkdir -p /run/tutorial /etc/network/interfaces.d /run/network");
    await host.writeFile("/etc/network/interfaces", "source /etc/network/interfaces.d/*\n");
    libvirt = await host.libvirt();
    await host.sh("mkdir -p /var/lib/libvirt/images");
  });
  afterAll(async () => {
    await lab.close();
  });

  /** Runs a page's blocks in their order; blocks for a whole machine (packages, images) are not the lab's. */
  const follow = async (page: string): Promise<void> => {
    for (const { info, text } of fencesOf(`docs/tutorial/${page}.md`)) {
      const [language, place = "", name = "", ...more] = info;
      if (language === "json") await host.writeFile(`/run/tutorial/${name}`, runnable(text));
      if (language === "yaml") await host.writeFile(`/run/tutorial/${place}`, text);
      if (language !== "sh") continue;
      const lines = text.trim().split("\n");
      const target = lines.at(-1)?.split(" ").at(-1) ?? "";
      if (place === "host") {
        // The tutorial has told its reader to wait until the guest has booted.
        if (name === "reaches") await until(host, /^ping .*$/m.exec(text)?.[0] ?? "false");
        const command = `set -e; cd /run/tutorial; PATH=/run/bin:$PATH; ${text}`;
        const { code, stderr } = await host.run(["sh", "-c", command]);
        const wanted = name === "exits" ? Number(more[0]) : 0;
        expect({ text, code, stderr }).toEqual({ text, code: wanted, stderr });
      } else if (place === "guest") {
        const guest = libvirt.guest(name);
        if (more[0] === "reaches") expect([text, await reaches(guest, target)]).toEqual([text, true]);
        else {
          for (const line of lines.slice(0, -1)) expect((await guest.sh(line)).code).toBe(0);
          const source = / -I (\S+)/.exec(lines.at(-1) ?? "")?.[1];
          const where = source === undefined ? target : `-I ${source} ${target}`;
          expect([text, await cannotReach(guest, where)]).toEqual([text, true]);
        }
      }
    }
  };

  test("the first host: the bridge survives its own file, and the doctor finds nothing", async () => {
    await follow("first-host");
    expect(await host.sh("ip -details link show dev br0")).toContain("vlan_default_pvid 0");
  });

  test("the first VLAN guest: two guests reach each other, the third is in another VLAN", async () => {
    await follow("first-vlan-guest");
    for (const guest of ["web1", "db1", "other1"]) await libvirt.virsh("destroy", guest);
  });

  test("the first routed guest: its addresses answer, and another one does not", async () => {
    await follow("first-routed-guest");
  });
});
