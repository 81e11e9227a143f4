import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { qemus } from "../e2e/stage/host/host.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { bridgeByNetworkd } from "./stage/networkd.ts";
import { installGuestnet } from "./stage/program.ts";
import { stateOfTaps } from "./stage/taps.ts";

/** What happens to a host while its guest runs, and must not change the guest's network or its QEMU. */
const HARMLESS: readonly (readonly [string, string])[] = [
  ["a reload of libvirtd", "systemctl reload libvirtd"],
  ["a restart of libvirtd", "systemctl restart libvirtd; virsh list >/dev/null"],
  [
    "the loss of the hook's files in /run, and a restart",
    "rm -rf /run/guestnet; systemctl restart libvirtd; virsh list >/dev/null",
  ],
  [
    "a clock that jumps a year ahead and back, each with a restart",
    `date --set='+1 year' >/dev/null; systemctl restart libvirtd; virsh list >/dev/null
     date --set='-1 year' >/dev/null; systemctl restart libvirtd; virsh list >/dev/null`,
  ],
  ["uninstall and a new installation", "guestnet uninstall; guestnet install"],
];

describeOnHosts("a host in whose life a guest runs", (release) => {
  let host: OneHost;
  let right: string;
  beforeAll(async () => {
    host = await openHost(release);
    await bridgeByNetworkd(host);
    await installGuestnet(host);
    const libvirt = await host.libvirt();
    expect(await libvirt.define(GUEST)).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("autostart", "web1")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
    right = await state();
  });
  afterAll(() => host.close());

  const state = (): Promise<string> => stateOfTaps(host, TAPS);
  const domstate = async (): Promise<string> =>
    (await (await host.libvirt()).virsh("domstate", "web1")).stdout.trim();

  test.each(HARMLESS)("%s changes nothing", async (_, script) => {
    const before = await qemus(host);
    await host.sh(script);
    await becomes(domstate, "running");
    expect(await qemus(host)).toEqual(before);
    await becomes(state, right);
  });

  test("a managed save lasts over a reboot, and the guest comes back as it was", async () => {
    const libvirt = await host.libvirt();
    expect(await libvirt.virsh("managedsave", "web1")).toMatchObject({ code: 0 });
    await host.reboot();
    await becomes(domstate, "running");
    await becomes(state, right);
    expect((await (await host.libvirt()).virsh("dominfo", "web1")).stdout).toMatch(/Managed save: +no/);
  });

  test("a power cut leaves nothing that keeps the guest from its next start", async () => {
    await host.sh("sync");
    await host.cutPower();
    await becomes(domstate, "running");
    await becomes(state, right);
  });

  test("a guest whose bridge comes too late is refused at boot, and starts once it is there", async () => {
    await host.sh("systemctl disable systemd-networkd.service systemd-networkd.socket; sync");
    await host.reboot();
    await becomes(domstate, "shut off");
    expect(await host.sh("journalctl --boot --no-pager | grep guestnet:")).toContain(
      "bridge br0 does not exist",
    );
    await host.sh(
      "systemctl enable --now systemd-networkd; until ip link show br0 >/dev/null 2>&1; do sleep 0.2; done",
    );
    const libvirt = await host.libvirt();
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
    expect(await state()).toBe(right);
  });
});
