import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { launch } from "../e2e/stage/host/host.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { bridgeByIfupdown2 } from "./stage/ifupdown2.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";
import { installRepair } from "./stage/repair-unit.ts";
import { stateOfTaps } from "./stage/taps.ts";

describeOnHosts("a host whose bridge is ifupdown2's", (release) => {
  let host: OneHost;
  beforeAll(async () => {
    host = await openHost(release);
    await bridgeByIfupdown2(host);
    await installGuestnet(host);
    await launch(await host.libvirt(), "web1", GUEST);
  });
  afterAll(() => host.close());

  const state = (): Promise<string> => stateOfTaps(host, TAPS);

  const ports = (): Promise<string> => host.sh("ip -o link show master br0 | grep -o 'web1-0:' || true");

  test("ifreload detaches ports and switches them off, and its own script has them attached again", async () => {
    await host.sh("ifreload -a");
    expect(await host.sh("ip -o link show dev web1-0")).not.toMatch(/master br0|<[A-Z_,]*\bUP\b/);
    expect(await guestnet(host, "apply", "--yes")).toMatchObject({ code: 0 });
    expect(await ports()).toBe("web1-0:\n");
    await installRepair(host, "ifupdown2");
    await host.sh("ifreload -a");
    await becomes(ports, "web1-0:\n");
  });

  test("with bridge-ports-condone-regex it changes nothing", async () => {
    await bridgeByIfupdown2(host, "  bridge-ports-condone-regex ^web1-\n");
    await host.sh("rm /etc/network/if-up.d/50-guestnet; systemctl stop guestnet-apply");
    const libvirt = await host.libvirt();
    expect(await libvirt.virsh("destroy", "web1")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("start", "web1")).toMatchObject({ code: 0, stderr: "" });
    const before = await state();
    await host.sh("ifreload -a");
    expect(await state()).toBe(before);
  });
});
