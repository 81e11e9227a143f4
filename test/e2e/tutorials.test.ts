import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { guestImage, type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { follow, type Reader } from "./stage/tutorial.ts";

const NEEDS = ["vlan-filtering", "8021q", "nft-inet", "nft-bridge", "libvirt"] as const;

const DIRECTORY = "/run/tutorial";

/** The same host, by the only manager that a machine of the lab can run. test/hosts/tutorials.test.ts runs the page's own. */
const BY_COMMANDS = `cd ${DIRECTORY}
/run/bin/genxml host host.json --format iproute2 -o files
sh files/usr/local/sbin/guestnet-host`;

describeInLab("the tutorials, as they are written", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;
  let reader: Reader;

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    // Where br_netfilter is loaded it is on in every new network namespace.
    await host.sh("for f in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e $f ] || echo 0 >$f; done");
    for (const program of ["genxml", "guestnet"]) {
      const script = `#!/bin/sh\nexec ${process.execPath} ${process.cwd()}/dist/${program}.js "$@"\n`;
      await host.writeFile(`/run/bin/${program}`, script, 0o755);
    }
    libvirt = await host.libvirt();
    await host.sh(`mkdir -p ${DIRECTORY} /var/lib/libvirt/images`);
    reader = {
      ...{ host, directory: DIRECTORY, image: guestImage(), libvirt: () => Promise.resolve(libvirt) },
      whole: {
        systemd: async () => {
          await host.sh(BY_COMMANDS);
        },
        // A machine of the lab cannot reboot.
        reboot: () => Promise.resolve(),
      },
    };
  });
  afterAll(async () => {
    await lab.close();
  });

  test("the first host: its bridge is as described, and the doctor finds nothing", async () => {
    await follow("first-host", reader);
    expect(await host.sh("ip -details link show dev br0")).toContain("vlan_default_pvid 0");
  });

  test("the first VLAN guest: two guests reach each other, the third is in another VLAN", async () => {
    await follow("first-vlan-guest", reader);
    for (const guest of ["web1", "db1", "other1"]) await libvirt.virsh("destroy", guest);
  });

  test("the first routed guest: its addresses answer, and another one does not", async () => {
    await follow("first-routed-guest", reader);
  });
});
