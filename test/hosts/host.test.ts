import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bare } from "../e2e/stage/guest/generate.ts";
import { vlans } from "../e2e/stage/host/host.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { bridgeByNetworkd } from "./stage/networkd.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";

const INTERFACES = [
  { type: "bridge", bridge: "br0", vlan: 20, tap: "web1-0" },
  { type: "routed", addresses: ["192.0.2.1", "2001:db8::1"], tap: "web1-1" },
];

describeOnHosts("a host with guestnet", (release) => {
  let host: OneHost;
  beforeAll(async () => {
    host = await openHost(release);
  });
  afterAll(() => host.close());

  test("is booted by systemd, and its libvirtd answers", async () => {
    expect(await host.sh("cat /proc/1/comm")).toBe("systemd\n");
    const libvirt = await host.libvirt();
    expect(await libvirt.virsh("version")).toMatchObject({ code: 0 });
  });

  test("installs it", async () => {
    await installGuestnet(host);
    expect((await guestnet(host, "doctor", "--verbose")).stdout).toMatch(
      /^ok +hook: \/etc\/libvirt\/hooks\/qemu/m,
    );
  });

  test("starts a guest, which is right", async () => {
    await bridgeByNetworkd(host);
    const libvirt = await host.libvirt();
    expect(await libvirt.define(bare("web1", INTERFACES))).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
    expect(await guestnet(host, "status")).toMatchObject({ code: 0 });
    expect(await vlans(host, "web1-0")).toEqual(["20 PVID Egress Untagged"]);
  });

  test("after a reboot the guest is there again, and right", async () => {
    const libvirt = await host.libvirt();
    expect(await libvirt.virsh("autostart", "web1")).toMatchObject({ code: 0 });
    await host.reboot();
    const anew = await host.libvirt();
    await becomes(async () => (await anew.virsh("domstate", "web1")).stdout.trim(), "running");
    // Once it was not right at the first look, for a reason that is not known. If it never becomes right, the failure shows the table.
    await becomes(async () => {
      const { code, stdout } = await guestnet(host, "status");
      return code === 0 ? "ok" : stdout;
    }, "ok");
    expect(await vlans(host, "web1-0")).toEqual(["20 PVID Egress Untagged"]);
  });
});
