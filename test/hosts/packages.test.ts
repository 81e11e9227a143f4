import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { qemus } from "../e2e/stage/host/host.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { bridgeByNetworkd } from "./stage/networkd.ts";
import { type BuiltPackages, buildPackages } from "./stage/packages.ts";
import { guestnet } from "./stage/program.ts";
import { stateOfTaps } from "./stage/taps.ts";

/** What `systemd-analyze security` gives each unit at most, in tenths: "OK" ends at 4.9, and 9.6 is a unit without any limit. */
const MOST_EXPOSED = { "guestnet-apply.service": 26, "guestnet-autostart.service": 22 } as const;

describeOnHosts("the packages on a host with running guests", (release) => {
  let packages: BuiltPackages;
  let host: OneHost;
  let running: readonly string[];

  beforeAll(async () => {
    packages = buildPackages(["0.1.0", "0.2.0"]);
    host = await openHost(release);
    await bridgeByNetworkd(host);
    const old = readFileSync("fixtures/hooks/0.1.0/qemu", "utf8");
    await host.writeFile(
      "/etc/libvirt/hooks/qemu",
      old.replaceAll("/usr/bin/node", "/usr/local/bin/node"),
      0o755,
    );
    // The lab's own preset enables nothing else; Debian's default is to enable a package's units.
    await host.sh("rm /etc/systemd/system-preset/00-lab.preset; systemctl restart libvirtd");
    const libvirt = await host.libvirt();
    expect(await libvirt.define(GUEST)).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("autostart", "web1")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
    running = await qemus(host);
  });
  afterAll(async () => {
    await host.close();
    packages.remove();
  });

  const domstate = async (): Promise<string> =>
    (await (await host.libvirt()).virsh("domstate", "web1")).stdout.trim();

  test("they replace the hook of 0.1.0, and change nothing of the guest", async () => {
    const before = await stateOfTaps(host, TAPS);
    const said = await packages.install(host, "0.1.0");
    expect(said).toContain("removed /etc/libvirt/hooks/qemu of guestnet");
    expect(said).toMatch(/self-test: guestnet .*: ready/);
    expect(await host.sh("find /etc/libvirt/hooks -type f -o -type l")).toBe(
      "/etc/libvirt/hooks/qemu.d/guestnet\n",
    );
    expect(await qemus(host)).toEqual(running);
    expect(await stateOfTaps(host, TAPS)).toBe(before);
    // Its rules had no digest.
    expect((await guestnet(host, "plan")).stdout).not.toMatch(/vlan (add|del)|route (add|del|replace)/);
    expect(await guestnet(host, "apply", "--yes")).toMatchObject({ code: 0 });
    expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
  });

  test.each([
    ["an upgrade", "0.2.0"],
    ["a downgrade", "0.1.0"],
  ])("%s touches no guest, and plan is empty", async (_, version) => {
    const before = await stateOfTaps(host, TAPS);
    await packages.install(host, version);
    expect(await host.sh("dpkg-query -W -f '${Version}' guestnet-hook")).toBe(`${version}-1`);
    expect(await qemus(host)).toEqual(running);
    expect(await stateOfTaps(host, TAPS)).toBe(before);
    expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
  });

  test("their units run with few privileges, and repair what they are for", async () => {
    for (const [unit, tenths] of Object.entries(MOST_EXPOSED)) {
      const shown = await host.run(["systemd-analyze", "security", `--threshold=${tenths}`, unit]);
      expect({ unit, code: shown.code, last: shown.stdout.trim().split("\n").at(-1) }).toEqual({
        ...{ unit, code: 0 },
        last: expect.stringContaining("Overall exposure level"),
      });
    }
    const before = await stateOfTaps(host, TAPS);
    await host.sh(`bridge vlan del dev web1-0 vid 20; ip link set web1-0 nomaster
      ip route del 192.0.2.1/32 dev web1-1; sysctl -qw net.ipv6.conf.web1-0.disable_ipv6=0
      nft delete table inet guestnet`);
    await host.sh("systemctl start guestnet-apply.service");
    expect(await stateOfTaps(host, TAPS)).toBe(before);
    expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
  });

  test("a guest whose bridge comes too late at boot starts by itself once it is there", async () => {
    expect(await host.sh("systemctl is-enabled guestnet-autostart.service")).toBe("enabled\n");
    await host.sh("systemctl disable systemd-networkd.service systemd-networkd.socket; sync");
    await host.reboot();
    expect(await domstate()).toBe("shut off");
    await host.sh("systemctl enable --now systemd-networkd");
    await becomes(domstate, "running");
    expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
    running = await qemus(host);
  });

  test("removal names the running guest and leaves its network, purge leaves no file", async () => {
    const before = await stateOfTaps(host, TAPS);
    const said = await host.sh("dpkg --remove guestnet guestnet-hook 2>&1");
    expect(said).toContain("running guests keep their network: web1");
    expect(await qemus(host)).toEqual(running);
    expect(await stateOfTaps(host, TAPS)).toBe(before);
    expect(await host.sh("find /etc/libvirt/hooks -type f -o -type l")).toBe("");
    await host.sh("dpkg --purge guestnet guestnet-hook 2>&1");
    expect(
      await host.sh("find /etc /usr /var/lib/systemd /run -xdev -name '*guestnet*' ! -name '*guestnet-lab*'"),
    ).toBe("");
    expect(await qemus(host)).toEqual(running);
  });
});
