import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bare } from "../e2e/stage/guest/generate.ts";
import { launch } from "../e2e/stage/host/host.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import type { Host } from "./host.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { TAPS } from "./stage/guest.ts";
import { bridgeByNetworkd } from "./stage/networkd.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";
import { stateOfTaps } from "./stage/taps.ts";

/** This kernel's nft has no inet family: the routed NIC does without the source check. */
const GUEST = bare("web1", [
  { type: "bridge", bridge: "br0", vlan: 20, tap: "web1-0" },
  { type: "routed", addresses: ["192.0.2.1", "2001:db8::1"], tap: "web1-1", antispoof: false },
]);

/** Compiling all of Debian's profiles takes over a minute here: those that are about libvirt stay, and what they include. */
const KEEP =
  "usr.sbin.libvirtd|usr.lib.libvirt.virt-aa-helper|libvirt|abi|abstractions|tunables|local|disable";
const IMAGE = `cd "$1/etc/apparmor.d"
ls | grep -vxE '${KEEP}' | xargs rm -rf
chroot "$1" systemctl enable apparmor`;

describeOnHosts("a host whose AppArmor confines libvirt", (release) => {
  let hosts: Hosts;
  let host: Host;
  beforeAll(async () => {
    hosts = await openHosts(release, ["vlan-filtering", "apparmor"]);
    host = await hosts.host("kvm1", IMAGE);
    await bridgeByNetworkd(host);
    await installGuestnet(host);
  });
  afterAll(async () => {
    await hosts.close();
  });

  const labels = (process: string): Promise<string> =>
    host.sh(`for pid in $(pidof ${process}); do cat /proc/$pid/attr/current; done`);

  test("libvirtd and the guest's QEMU run under their profiles, enforced", async () => {
    await launch(await host.libvirt(), "web1", GUEST);
    expect(await labels("libvirtd")).toBe("libvirtd (enforce)\n");
    expect(await labels("qemu-system-x86_64")).toMatch(/^libvirt-[0-9a-f-]{36} \(enforce\)\n$/);
  });

  test("the guest is right, and nothing of the hook was denied", async () => {
    const taps = await stateOfTaps(host, TAPS);
    expect(taps).toContain("web1-0 20 PVID Egress Untagged");
    expect(taps).toContain("192.0.2.1 ");
    expect(await guestnet(host, "plan")).toMatchObject({ code: 0, stdout: "" });
    expect(
      await host.sh("dmesg | grep 'apparmor=\"DENIED\"' | grep -E 'guestnet|qjs|node|hooks' || true"),
    ).toBe("");
  });

  test("it is there again after a reboot, and leaves nothing when it ends", async () => {
    const before = await stateOfTaps(host, TAPS);
    expect(await (await host.libvirt()).virsh("autostart", "web1")).toMatchObject({ code: 0 });
    await host.reboot();
    const libvirt = await host.libvirt();
    await becomes(async () => (await libvirt.virsh("domstate", "web1")).stdout.trim(), "running");
    await becomes(() => stateOfTaps(host, TAPS), before);
    expect(await labels("libvirtd")).toBe("libvirtd (enforce)\n");
    expect(await libvirt.virsh("destroy", "web1")).toMatchObject({ code: 0 });
    await becomes(
      () => host.sh("ip -o link show | grep -o web1- || true; ip route | grep -o 192.0.2.1 || true"),
      "",
    );
  });
});
