import { expect, test } from "@jest/globals";
import type { Operation } from "../../src/hook/event.ts";
import { handle } from "../../src/hook/handle.ts";
import { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, plug, stateOf } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";

const access = { type: "bridge", bridge: "br0", vlan: 20 };
const both = { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"] };

const hosts: readonly [string, Operation, object, () => FakeKernel, readonly string[]][] = [
  [
    "no bridge",
    "prepare",
    guest(access, { ...access, bridge: "br9" }),
    () => hostWith(),
    [
      'NIC t-1: bridge br9 does not exist: create it with "ip link add br9 type bridge vlan_filtering 1 vlan_default_pvid 0"',
    ],
  ],
  [
    "a device that is no bridge",
    "prepare",
    guest(access),
    () => {
      const kernel = new FakeKernel();
      kernel.bridge("up", true, 0);
      kernel.enslave("br0", "up");
      return kernel;
    },
    ["NIC t-0: br0 is not a bridge (tun device)"],
  ],
  [
    "a bridge that does not filter",
    "start",
    guest(access),
    () => {
      const kernel = new FakeKernel();
      kernel.bridge("br0", false, 1);
      kernel.enslave("t-0", "br0");
      return kernel;
    },
    [
      'NIC t-0: bridge br0 does not filter VLANs: enable it with "ip link set br0 type bridge vlan_filtering 1"; without it, guests on the bridge receive every VLAN',
    ],
  ],
  [
    "a tap on another bridge",
    "start",
    guest(access),
    () => {
      const kernel = hostWith();
      kernel.enslave("t-0", "br1");
      return kernel;
    },
    ["NIC t-0: t-0 is not a port of br0 (port of br1)"],
  ],
  ["no tap", "start", guest(access), () => hostWith(), ["NIC t-0: device t-0 does not exist"]],
  [
    "no forwarding at all",
    "prepare",
    guest(both),
    () => {
      const kernel = hostWith();
      kernel.sysctls.set("net/ipv4/ip_forward", "0");
      kernel.sysctls.set("net/ipv6/conf/all/forwarding", "0");
      return kernel;
    },
    [
      'NIC t-0: the host does not forward IPv6: enable it with "sysctl -w net/ipv6/conf/all/forwarding=1" (and set accept_ra=2 on uplinks that accept router advertisements)',
      'NIC t-0: the host does not forward IPv4: enable it with "sysctl -w net/ipv4/ip_forward=1"',
    ],
  ],
];

test.each(hosts)(
  "%s: %s refuses before anything is changed, and says how to mend it",
  async (_, operation, written, make, expected) => {
    const kernel = make();
    const before = stateOf(kernel);
    const { wrong } = await handle(operation, domainOf(written), kernel);
    expect(wrong).toEqual(expected);
    expect(stateOf(kernel)).toBe(before);
  },
);

test("without spoofing protection a kernel that cannot lock will do", async () => {
  const domain = domainOf(guest({ ...access, antispoof: false }));
  const kernel = hostWith();
  plug(domain, kernel);
  kernel.devices.get("t-0")?.flags.delete("locked");
  expect((await handle("start", domain, kernel)).wrong).toEqual([]);
});

test("what is wrong with several NICs is said at once", async () => {
  const bridges = ["br7", "br8", "br9"].map((bridge) => ({ ...access, bridge }));
  const { wrong } = await handle("prepare", domainOf(guest(...bridges)), new FakeKernel());
  expect(wrong.map((text) => text.slice(0, 8))).toEqual(["NIC t-0:", "NIC t-1:", "NIC t-2:"]);
});

test("a kernel that cannot lock a port: start refuses while the port is in no VLAN, and says how to mend it", async () => {
  const kernel = hostWith(1);
  kernel.enslave("t-0", "br0");
  kernel.devices.get("t-0")?.flags.delete("locked");
  const { wrong } = await handle("start", domainOf(guest(access)), kernel);
  expect(wrong).toEqual([
    'NIC t-0: this kernel or iproute2 cannot lock a bridge port: update both to 5.18 or later, or set "antispoof": false for this NIC',
  ]);
  expect(kernel.devices.get("t-0")?.vlans).toEqual(new Map());
});
