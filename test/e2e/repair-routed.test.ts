import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { type Break, breakAndMend, settled, shown } from "./stage/repair-check.ts";
import { expectPathError, MAKE_WRONG_PATHS, NO_DIRECTORIES, UNWRITABLE } from "../support/wrong-paths.ts";
import { answers as answersTo, isSilent } from "./stage/traffic/ping.ts";
import { launchConfigured } from "./stage/guest/routed-guest.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;
const TAP = "dns1-0";

const breaks: readonly Break[] = [
  {
    what: "a route removed",
    by: `ip route del 192.0.2.53/32 dev ${TAP}`,
    tap: TAP,
    says: /missing: route 192\.0\.2\.53\/32/,
    plan: [/^ip route add 192\.0\.2\.53\/32 dev dns1-0 proto 76/],
  },
  {
    what: "a foreign route added",
    by: `ip route add 192.0.2.99/32 dev ${TAP} proto 76`,
    tap: TAP,
    says: /unexpected: route 192\.0\.2\.99\/32/,
    plan: [/^ip route del 192\.0\.2\.99\/32 dev dns1-0 proto 76/],
  },
  {
    what: "the gateway removed",
    by: `ip address del 169.254.0.1/32 dev ${TAP}`,
    tap: TAP,
    says: /missing: address 169\.254\.0\.1\/32/,
    // With its last IPv4 address a device loses its IPv4 routes (fib_disable_ip).
    plan: [
      "ip address add 169.254.0.1/32 dev dns1-0 scope link",
      "ip route add 192.0.2.53/32 dev dns1-0 proto 76",
    ],
  },
  {
    what: "a setting flipped",
    by: `sysctl -qw net.ipv4.conf.${TAP}.forwarding=0`,
    tap: TAP,
    says: /net\/ipv4\/conf\/dns1-0\/forwarding=1: value 1, found 0/,
    plan: ["sysctl -w net/ipv4/conf/dns1-0/forwarding=1"],
  },
  {
    what: "the source check removed",
    by: "nft delete table inet guestnet",
    tap: TAP,
    says: /missing: the source check/,
    plan: [/^nft 'add table inet guestnet; /],
  },
];

describeInLab("guestnet, beside a running routed guest", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;

  const answers = (address: string): Promise<boolean> => answersTo(host, address);

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    expect(await guestnetOn(host, "install")).toMatchObject({ code: 0 });
    libvirt = await host.libvirt();
    const nic = { type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"] };
    await launchConfigured(libvirt, "dns1", [nic]);
  });
  afterAll(async () => {
    await lab.close();
  });

  test("status shows it, and that the guest answers", async () => {
    expect(await answers("192.0.2.53")).toBe(true);
    const { code, stdout } = await guestnetOn(host, "status");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^dns1 +dns1-0 +routed +2001:db8:0:1::53 192\.0\.2\.53 +ok +reachable +\S+ \S+ +\S+ \S+$/m,
    );
    expect(await shown(host)).toEqual([]);
  });

  test("the diagram shows it, and in red when something is wrong", async () => {
    const drawn = await guestnetOn(host, "diagram");
    expect(drawn).toMatchObject({ code: 0, stderr: "" });
    expect(drawn.stdout).toContain(`<title>dns1\n${TAP}\n2001:db8:0:1::53\n192.0.2.53</title>`);
    expect(drawn.stdout).not.toContain('rx="6" class="card wrong"');
    await host.sh(`ip route del 192.0.2.53/32 dev ${TAP}`);
    expect((await guestnetOn(host, "diagram")).stdout).toContain('rx="6" class="card wrong"');
    expect(await guestnetOn(host, "apply", "--yes")).toMatchObject({ code: 0 });
  });

  test("a diagram that cannot be written is an error about the path", async () => {
    await host.sh(`mkdir /run/paths; cd /run/paths; ${MAKE_WRONG_PATHS}`);
    for (const path of [...UNWRITABLE, ...NO_DIRECTORIES]) {
      const args = ["diagram", "-o", path.startsWith("/") ? path : `/run/paths/${path}`];
      expectPathError(args, await guestnetOn(host, ...args));
    }
  });

  test.each(breaks)("$what: named, planned, mended, and the guest answers", async (one) => {
    await breakAndMend(host, one);
    expect(await answers("192.0.2.53")).toBe(true);
    expect(await answers("2001:db8:0:1::53")).toBe(true);
  });

  test("the source check of an earlier version, with the same comments, is replaced, and no packet is lost", async () => {
    const right = await settled(host);
    // The rules as they are, without the digest by which they are told from others.
    await host.sh(
      "{ echo delete table inet guestnet; nft -s list table inet guestnet | sed 's/; rules [0-9a-f]*//'; } | nft -f -",
    );
    const planned = await guestnetOn(host, "plan");
    expect(planned.code).toBe(2);
    expect(planned.stdout).toMatch(/# differs: the source check of routed taps\n$/);
    const [pinged, applied] = await Promise.all([
      host.sh("ping -i 0.1 -c 100 -W 10 192.0.2.53"),
      guestnetOn(host, "apply", "--yes"),
    ]);
    expect(applied).toMatchObject({ code: 0 });
    expect(pinged).toContain(" 0% packet loss");
    expect(await host.sh("nft list table inet guestnet")).toMatch(/; rules [0-9a-f]{8}"/);
    expect(await settled(host)).toBe(right);
  });

  test("what a reload of networkd takes away, all at once, comes back with one apply", async () => {
    const right = await settled(host);
    await host.sh(
      `ip route flush dev ${TAP} proto 76; ip -6 route flush dev ${TAP} proto 76; ip address flush dev ${TAP}`,
    );
    expect(await isSilent(host, "192.0.2.53")).toBe(true);
    expect(await guestnetOn(host, "apply", "--yes")).toMatchObject({ code: 0 });
    expect(await settled(host)).toBe(right);
    expect(await answers("192.0.2.53")).toBe(true);
  });

  test("routes and devices of others are left alone", async () => {
    await host.sh(
      "ip tuntap add dev mine mode tap; ip link set mine up; ip route add 203.0.113.0/24 dev mine",
    );
    const right = await settled(host);
    await host.sh(`ip route del 192.0.2.53/32 dev ${TAP}`);
    expect(await guestnetOn(host, "apply", "--yes")).toMatchObject({ code: 0 });
    expect(await settled(host)).toBe(right);
    await host.sh("ip link delete mine");
  });

  test.each([
    [
      ["status", "dsn1"],
      /^guestnet: error: cannot find all guests: guest dsn1 does not exist; did you mean dns1\?\nhint: .+\n$/,
    ],
    [["plan", "off1"], /^guestnet: error: cannot find all guests: guest off1 is not running\nhint: .+\n$/],
    [
      ["apply", "--yes", "-c", "qemu:///nowhere"],
      /^guestnet: error: cannot connect to libvirt \(qemu:\/\/\/nowhere\): .+\nhint: .+\n$/,
    ],
  ])("%j is an error with a hint", async (args, why) => {
    await libvirt.define(bare("off1", []));
    const { code, stdout, stderr } = await guestnetOn(host, ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(why);
  });

  test("without a daemon it reports so, with a hint", async () => {
    await libvirt.stop();
    const { code, stderr } = await guestnetOn(host, "status");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^guestnet: error: cannot connect to libvirt \(qemu:\/\/\/system\): .+\nhint: .+\n$/,
    );
    await libvirt.start();
  });
});
