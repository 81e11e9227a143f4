import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { launch } from "../e2e/stage/host/host.ts";
import { becomes } from "../e2e/stage/until.ts";
import { describeOnHosts } from "./describe-on-hosts.ts";
import { openHost, type OneHost } from "./hosts.ts";
import { GUEST, TAPS } from "./stage/guest.ts";
import { configureNetwork } from "./stage/host-network.ts";
import { guestnet, installGuestnet } from "./stage/program.ts";
import { installRepair } from "./stage/repair-unit.ts";
import { stateOfTaps } from "./stage/taps.ts";

describeOnHosts("a host whose bridge is ifupdown's", (release) => {
  let host: OneHost;
  let before: string;
  beforeAll(async () => {
    host = await openHost(release);
    await configureNetwork(host, "ifupdown");
    await installGuestnet(host);
    await host.reboot();
    await launch(await host.libvirt(), "web1", GUEST);
    before = await stateOfTaps(host, TAPS);
    expect(before).toContain("web1-0 20 PVID Egress Untagged");
  });
  afterAll(() => host.close());

  const state = (): Promise<string> => stateOfTaps(host, TAPS);
  const ports = (): Promise<string> => host.sh("ip -o link show master br0 | grep -o 'web1-0:' || true");

  test("ifup -a with nothing changed changes nothing", async () => {
    await host.sh("ifup -a");
    expect(await state()).toBe(before);
  });

  test.each(["systemctl restart networking", "ifdown br0.10 br0; ifup br0 br0.10"])(
    "%s makes the bridge anew, without guests' ports, and apply attaches them",
    async (command) => {
      await host.sh(command);
      expect(await ports()).toBe("");
      expect(await guestnet(host, "plan")).toMatchObject({ code: 2 });
      expect(await guestnet(host, "apply", "--yes")).toMatchObject({ code: 0 });
      expect(await state()).toBe(before);
    },
  );

  test("its own script has them attached by itself", async () => {
    await installRepair(host, "ifupdown");
    await host.sh("systemctl restart networking");
    await becomes(state, before);
  });
});
