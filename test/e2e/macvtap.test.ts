import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bootable, shippedInterfaces } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { network } from "./stage/host/network.ts";
import { answers, cannotReach, reaches } from "./stage/traffic/ping.ts";
import { becomes } from "./stage/until.ts";
import { arrivals, shoutFrom, shoutFromGuest } from "./stage/traffic/vlan-frames.ts";

const NEEDS = ["macvtap", "libvirt"] as const;

/** Both NICs of such a guest: the first on enp3s0, the second on enp4s0. */
const boot = (host: number): string =>
  [3, 4]
    .map((net, index) => {
      const device = `eth${String(index)}`;
      return `ip link set ${device} up; ip addr add 10.0.${String(net)}.${String(host)}/24 dev ${device}`;
    })
    .join("\n");

/** The host's network, but for the neighbours that its own addresses have made it learn. */
const settled = async (host: Machine): Promise<string> =>
  (await network(host)).replaceAll(/^\S+ dev enp\ds0 .*(lladdr|FAILED|INCOMPLETE).*\n/gm, "");

describeInLab("guests with macvtaps on devices of the host", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let physical: Machine;
  let libvirt: Libvirt;
  let before: string;

  const pings = (from: string, to: string): Promise<boolean> => reaches(libvirt.guest(from), to);
  const misses = (from: string, to: string): Promise<boolean> => cannotReach(libvirt.guest(from), to);
  const carrier = async (): Promise<string> =>
    (await libvirt.guest("kiosk1").sh("cat /sys/class/net/eth1/carrier")).stdout.trim();

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    physical = await lab.machine("switch");
    // The host's devices get no addresses of their own, which would come only after the kernel has looked for duplicates.
    await host.sh("sysctl -qw net.ipv6.conf.default.addr_gen_mode=1");
    for (const net of [3, 4]) {
      await lab.wire(host, `enp${String(net)}s0`, physical, `eth${String(net)}`);
      await host.sh(`ip addr add 10.0.${String(net)}.1/24 dev enp${String(net)}s0`);
      await physical.sh(`ip addr add 10.0.${String(net)}.254/24 dev eth${String(net)}`);
    }
    await host.sh("sysctl -qw net.ipv6.conf.default.addr_gen_mode=0");
    await installHook(host);
    libvirt = await host.libvirt();
    before = await settled(host);
    const nics = shippedInterfaces("kiosk1");
    await launch(libvirt, "kiosk1", bootable("kiosk1", nics, boot(11)));
    await launch(
      libvirt,
      "kiosk2",
      bootable(
        "kiosk2",
        nics.map((nic) => ({ ...nic, link: "up" })),
        boot(12),
      ),
    );
    for (const name of ["kiosk1", "kiosk2"]) await libvirt.guest(name).ready();
  });
  afterAll(async () => {
    await lab.close();
  });

  test("have taps with the names that genxml gives, on their devices", async () => {
    const links = JSON.parse(await host.sh("ip -json -details link show type macvtap")) as unknown;
    const tap = (ifname: string, link: string, mode: string) =>
      expect.objectContaining({
        ifname,
        link,
        linkinfo: { info_kind: "macvtap", info_data: expect.objectContaining({ mode }) },
      });
    expect(links).toEqual([
      tap("kiosk1-0", "enp3s0", "bridge"),
      tap("kiosk1-1", "enp4s0", "private"),
      tap("kiosk2-0", "enp3s0", "bridge"),
      tap("kiosk2-1", "enp4s0", "private"),
    ]);
  });

  test("reach the network of the device, and in mode bridge each other", async () => {
    expect(await pings("kiosk1", "10.0.3.254")).toBe(true);
    expect(await pings("kiosk1", "10.0.3.12")).toBe(true);
  });

  test("do not reach the host, which the network reaches", async () => {
    expect(await misses("kiosk1", "10.0.3.1")).toBe(true);
    expect(await answers(physical, "10.0.3.1")).toBe(true);
    expect(await pings("kiosk1", "10.0.3.254")).toBe(true);
  });

  test("with link down see no carrier until virsh domif-setlink", async () => {
    expect(await carrier()).toBe("0");
    expect(await misses("kiosk1", "10.0.4.254")).toBe(true);
    expect(await libvirt.virsh("domif-setlink", "kiosk1", "kiosk1-1", "up")).toMatchObject({ code: 0 });
    await becomes(carrier, "1");
    expect(await pings("kiosk1", "10.0.4.254")).toBe(true);
  });

  test("in mode private do not reach each other, but for the network", async () => {
    expect(await misses("kiosk1", "10.0.4.12")).toBe(true);
    expect(await misses("kiosk2", "10.0.4.11")).toBe(true);
    for (const name of ["kiosk1", "kiosk2"]) expect(await pings(name, "10.0.4.254")).toBe(true);
  });

  test("send and receive frames as they are, with their tags", async () => {
    const sent = await arrivals(physical, { eth3: "in", eth4: "in" }, async () => {
      await shoutFromGuest(libvirt.guest("kiosk1"), "eth0", [0, 20]);
      expect(await pings("kiosk1", "10.0.3.254")).toBe(true);
    });
    expect(sent).toEqual({ eth3: ["20 20", "untagged 0"], eth4: [] });
    const heard = await arrivals(host, { "kiosk1-0": "in", "kiosk1-1": "in" }, async () => {
      await shoutFrom(physical, "eth3", [0, 20]);
      for (const to of ["10.0.3.254", "10.0.4.254"]) expect(await pings("kiosk1", to)).toBe(true);
    });
    expect(heard).toEqual({ "kiosk1-0": ["20 20", "untagged 0"], "kiosk1-1": [] });
  });

  test("are none of the hook's, nor of guestnet's", async () => {
    expect(await guestnetOn(host, "status")).toMatchObject({
      code: 0,
      stdout:
        "no running guest has metadata of guestnet\n2 running guests without metadata of guestnet: kiosk1, kiosk2\n",
    });
    const state = await settled(host);
    await libvirt.restart();
    expect(await settled(host)).toBe(state);
    expect(await pings("kiosk1", "10.0.3.12")).toBe(true);
  });

  test("leave nothing behind", async () => {
    for (const name of ["kiosk1", "kiosk2"])
      expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
    expect(await settled(host)).toBe(before);
  });
});
