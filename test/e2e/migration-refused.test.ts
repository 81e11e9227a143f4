import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { launch } from "./stage/host/host.ts";
import { launchMoving, nothingLeft, PINGED, routedTo } from "./stage/moves/moving-guest.ts";
import { expectNoneLost, pingDuring } from "./stage/traffic/pinged.ts";
import { ROUTING_DAEMONS } from "./stage/hosts/routing.ts";
import { migrate, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openRouted, ROUTED_NEEDS } from "./stage/hosts/two-hosts-routed.ts";

const HOOK = "/etc/libvirt/hooks/qemu";

const staysOnH1 = async (two: TwoHosts, name: string): Promise<void> => {
  expect((await two.h1.libvirt.virsh("domstate", name)).stdout.trim()).toBe("running");
  await nothingLeft(two.h2);
};

describe.each(ROUTING_DAEMONS)("%s", (daemon) => {
  describeInLab("a destination that refuses the guest", ROUTED_NEEDS, () => {
    let two: TwoHosts;
    let undo = "true";
    beforeAll(async () => {
      two = await openRouted(daemon);
      await launchMoving(two, two.h1);
    });
    afterAll(async () => {
      await two.lab.close();
    });
    afterEach(async () => {
      await two.h2.machine.sh(undo);
    });

    test.each([
      [
        "has one of the addresses",
        "ip addr add 192.0.2.53/32 dev lo",
        "ip addr del 192.0.2.53/32 dev lo",
        /192.0.2.53\/32 is an address of this host, on lo/,
      ],
      [
        "does not forward",
        "sysctl -qw net.ipv6.conf.all.forwarding=0",
        "sysctl -qw net.ipv6.conf.all.forwarding=1",
        /the host does not forward IPv6/,
      ],
      [
        "has no hook",
        `mv ${HOOK} /run/hook`,
        `mv /run/hook ${HOOK}`,
        /target managed='no' but specified dev doesn't exist/,
      ],
    ])(
      "a destination that %s: the guest stays on the source, and nothing remains",
      async (_, change, back, why) => {
        await two.h2.machine.sh(change);
        undo = back;
        const { came, pinged } = await pingDuring(two.middle, PINGED, () => migrate("dns1", two.h1, two.h2));
        expect(came.code).toBe(1);
        expect(came.stderr).toMatch(why);
        await staysOnH1(two, "dns1");
        await routedTo(two, two.h1);
        expectNoneLost(pinged);
      },
    );
  });
});

const WITH_VRF = [...ROUTED_NEEDS, "vrf"] as const;

describeInLab("a destination without the guest's VRF", WITH_VRF, () => {
  let two: TwoHosts;
  beforeAll(async () => {
    two = await openRouted("BIRD 2", WITH_VRF);
  });
  afterAll(async () => {
    await two.lab.close();
  });

  test("a destination without the VRF: the guest stays on the source, and nothing remains", async () => {
    await two.h1.machine.sh("ip link add red up type vrf table 10");
    const nic = { type: "routed", addresses: ["2001:db8:9::1"], vrf: "red" };
    await launch(two.h1.libvirt, "red1", bare("red1", [nic]));
    const { code, stderr } = await migrate("red1", two.h1, two.h2);
    expect(code).toBe(1);
    expect(stderr).toMatch(/VRF red does not exist/);
    await staysOnH1(two, "red1");
  });
});
