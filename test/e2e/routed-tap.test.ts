import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { generate } from "./stage/guest/generate.ts";
import { launch } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;

/** Notes what the tap is like before QEMU exists, which is when the hook runs at `start`. */
const WITNESS = `#!/bin/sh
[ "$2" = start ] && ip -br address show dev g-0 >/run/at-start
exit 0
`;

/** Many addresses are the rule, not the exception; and each as /32 or /128. */
const MANY = Array.from({ length: 20 }, (_, index) => [
  `192.0.2.${String(index + 1)}`,
  `2001:db8::${(index + 1).toString(16)}`,
]).flat();

describeInLab("the tap of a routed guest", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;

  /** All settings of the network but those of the tap itself, which no guest may change. */
  const settings = (): Promise<string> =>
    host.sh(
      "sysctl -a 2>/dev/null | grep -E '^net[.]' | grep -vE '[.]g-0[.]|random|secret|_time|count|[.]nr_'",
    );
  const start = async (nic: object, more: object = {}): Promise<void> => {
    const interfaces = [{ type: "routed", ...nic }];
    await launch(
      libvirt,
      "g",
      generate({ name: "g", virtType: "qemu", memory: "16 MiB", interfaces, ...more }),
    );
  };
  const shown = async (what: string): Promise<readonly string[]> =>
    (await host.sh(`ip ${what}`))
      .trim()
      .split("\n")
      .map((line) => line.trim());

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    await installHook(host);
    await host.writeFile("/etc/libvirt/hooks/qemu.d/witness", WITNESS, 0o755);
    libvirt = await host.libvirt();
  });
  afterAll(async () => {
    await lab.close();
  });

  describe.each([
    {
      what: "dual-stack, with many addresses",
      nic: { addresses: MANY },
      ipv4: ["169.254.0.1/32"],
      ipv6: ["fe80::1/64"],
      routes: MANY.length,
    },
    {
      what: "IPv6-only",
      nic: { addresses: ["2001:db8::1"] },
      ipv4: [],
      ipv6: ["fe80::1/64"],
      routes: 1,
    },
    {
      what: "IPv4-only",
      nic: { addresses: ["192.0.2.1"], prefixes: ["203.0.113.0/28"] },
      ipv4: ["169.254.0.1/32"],
      ipv6: [],
      routes: 2,
    },
    {
      what: "with gateways of its own",
      nic: { addresses: ["192.0.2.1", "2001:db8::1"], gateway: ["192.0.2.254", "fe80::99"] },
      ipv4: ["192.0.2.254/32"],
      ipv6: ["fe80::99/64"],
      routes: 2,
    },
  ])("$what", ({ nic, ipv4, ipv6, routes }) => {
    let before: string;
    beforeAll(async () => {
      before = await settings();
      await start(nic);
    });
    afterAll(async () => {
      expect(await libvirt.virsh("destroy", "g")).toMatchObject({ code: 0 });
    });

    test("has its gateways, no other address of the host, and waits for no duplicate address detection", async () => {
      for (const [family, own] of [
        ["-4", ipv4],
        ["-6", ipv6],
      ] as const) {
        const lines = await shown(`${family} -o address show dev g-0`);
        expect(
          lines.map((line) => / inet6? (\S+) /.exec(line)?.[1]).filter((one) => one !== undefined),
        ).toEqual(own);
        expect(lines.filter((line) => line.includes("tentative"))).toEqual([]);
      }
    });

    test("was complete before QEMU was there", async () => {
      const [, , ...addresses] = (await host.sh("cat /run/at-start")).trim().split(/\s+/);
      expect(addresses.sort()).toEqual([...ipv4, ...ipv6].sort());
    });

    test("has its routes, and forwards only the families of the guest", async () => {
      const all = [...(await shown("route show proto 76")), ...(await shown("-6 route show proto 76"))];
      expect(all.filter((line) => line.includes("dev g-0"))).toHaveLength(routes);
      const read = async (name: string): Promise<string> =>
        (await host.sh(`cat /proc/sys/net/${name.replace("TAP", "g-0")}`)).trim();
      expect(await read("ipv4/conf/TAP/forwarding")).toBe(ipv4.length > 0 ? "1" : "0");
      expect(await read("ipv6/conf/TAP/disable_ipv6")).toBe(ipv6.length > 0 ? "0" : "1");
    });

    test("has changed no setting of the host but its own", async () => {
      expect(await settings()).toBe(before);
    });
  });

  test("has the queues and the MTU of the profile", async () => {
    await start({ addresses: ["192.0.2.1"], queues: 2, mtu: 9000 }, { vcpus: 2 });
    const [link] = await shown("-o -details link show dev g-0");
    // QEMU has opened both queues; the guest's firmware uses one of them.
    expect(link).toMatch(/ mtu 9000 .* tun type tap .* multi_queue numqueues (1 numdisabled 1|2) /);
    expect(await libvirt.virsh("destroy", "g")).toMatchObject({ code: 0 });
  });
});
