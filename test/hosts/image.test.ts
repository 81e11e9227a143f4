import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { launch } from "../e2e/stage/host/host.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { bridgeByNetworkd } from "./stage/networkd.ts";
import { type BuiltPackages, buildPackages } from "./stage/packages.ts";
import { guestnet, INSTALL_PROGRAMS } from "./stage/program.ts";
import { stateOfTaps } from "./stage/taps.ts";

/** Built into the lab's small kernel; Debian's loads it where a program asks for it. */
const NO_BRIDGE_NETFILTER = `for family in iptables ip6tables arptables; do
  echo net.bridge.bridge-nf-call-$family=0 >>"$1"/etc/sysctl.d/50-lab.conf
done`;

const inRoot = (script: string): string => `chroot "$1" sh -e <<'END'\n${script}\nEND`;

describeOnHosts("an image that is built with guestnet in it", (release) => {
  let packages: BuiltPackages;
  let hosts: Hosts;
  beforeAll(async () => {
    packages = buildPackages(["0.1.0"]);
    hosts = await openHosts(release, ["vlan-filtering", "nft-inet"]);
  });
  afterAll(async () => {
    await hosts.close();
    packages.remove();
  });

  /** As docs/how-to/install-packages.md has them. */
  const WAYS = [
    {
      way: "its packages, as mkosi and Packer install them",
      name: "packages",
      // The lab's own preset enables nothing; Debian's default is to enable a package's units.
      build: () => inRoot(`rm /etc/systemd/system-preset/00-lab.preset\n${packages.script("0.1.0")}`),
      hook: "/etc/libvirt/hooks/qemu.d/guestnet",
    },
    {
      way: "guestnet install --root",
      name: "root",
      build: () => `${inRoot(INSTALL_PROGRAMS)}\nnode ${process.cwd()}/dist/guestnet.js install --root "$1"`,
      hook: "/etc/libvirt/hooks/qemu",
    },
  ];

  describe.each(WAYS)("by $way", ({ name, build, hook }) => {
    let host: Host;
    beforeAll(async () => {
      host = await hosts.host(name, `${NO_BRIDGE_NETFILTER}\n${build()}`);
      await bridgeByNetworkd(host);
    });
    afterAll(async () => {
      await host.powerOff();
    });

    test("boots, and doctor finds nothing to fix", async () => {
      const { code, stdout } = await guestnet(host, "doctor", "--verbose");
      expect(stdout).toMatch(new RegExp(`^ok +hook: ${hook}: guestnet .*: ready`, "m"));
      expect(stdout.split("\n").filter((line) => /^(warning|error) /.test(line))).toEqual([]);
      expect(code).toBe(0);
    });

    test("starts a guest, which is right", async () => {
      await launch(await host.libvirt(), "web1", GUEST);
      expect(await stateOfTaps(host, TAPS)).toContain("web1-0 20 PVID Egress Untagged");
      expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
    });
  });
});
