import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { bare, bootable } from "./stage/guest/generate.ts";
import { launch } from "./stage/host/host.ts";
import { answers, isSilent } from "./stage/traffic/ping.ts";
import { ROUTING_DAEMONS } from "./stage/hosts/routing.ts";
import { migrate, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openRouted, ROUTED_NEEDS, routesAre } from "./stage/hosts/two-hosts-routed.ts";
import { openSwitched, SWITCHED_NEEDS } from "./stage/hosts/two-hosts-switched.ts";

const states = async ({ h1, h2 }: TwoHosts, name: string): Promise<readonly string[]> => [
  (await h1.libvirt.virsh("domstate", name)).stdout.trim(),
  (await h2.libvirt.virsh("domstate", name)).stdout.trim(),
];

describe.each(ROUTING_DAEMONS)("%s", (daemon) => {
  describeInLab("two hosts and a router", ROUTED_NEEDS, () => {
    let two: TwoHosts;
    beforeAll(async () => {
      two = await openRouted(daemon);
    });
    afterAll(async () => {
      await two.lab.close();
    });

    test("a guest moves, and is announced where it is", async () => {
      const guest = [{ type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"] }];
      await launch(two.h1.libvirt, "dns1", bootable("dns1", guest, "true"));
      await routesAre(two, ["192.0.2.53 via 198.51.100.2", "2001:db8:0:1::53 via 2001:db8:ff::2"]);
      await two.h1.libvirt.guest("dns1").ready();
      expect(await migrate("dns1", two.h1, two.h2)).toMatchObject({ code: 0, stderr: "" });
      await routesAre(two, ["192.0.2.53 via 198.51.100.3", "2001:db8:0:1::53 via 2001:db8:ff::3"]);
      expect(await states(two, "dns1")).toEqual(["shut off", "running"]);
    });
  });
});

describeInLab("two hosts and a switch", SWITCHED_NEEDS, () => {
  let two: TwoHosts;
  beforeAll(async () => {
    two = await openSwitched(["20", "30-31"]);
  });
  afterAll(async () => {
    await two.lab.close();
  });

  test("the hosts hear each other in the VLANs of the switch, and in no other", async () => {
    const hosts = [two.h1, two.h2].map(({ machine }, index) =>
      machine.sh(`for vid in 20 40; do
        bridge vlan add dev br0 vid $vid self; bridge vlan add dev up0 vid $vid
        ip link add link br0 name br0.$vid up type vlan id $vid; ip addr add 10.$vid.0.${String(index + 1)}/24 dev br0.$vid
      done`),
    );
    await Promise.all(hosts);
    expect(await answers(two.h1.machine, "10.20.0.2")).toBe(true);
    expect(await isSilent(two.h1.machine, "10.40.0.2")).toBe(true);
  });

  test("a guest moves", async () => {
    await launch(two.h1.libvirt, "web1", bare("web1", [{ type: "bridge", bridge: "br0", vlan: 30 }]));
    expect(await migrate("web1", two.h1, two.h2)).toMatchObject({ code: 0, stderr: "" });
    expect(await states(two, "web1")).toEqual(["shut off", "running"]);
  });
});
