import { describe, expect, test } from "@jest/globals";
import { commandText } from "../../src/kernel/facts/command.ts";
import { toAsked } from "../../src/kernel/observe/observe.ts";
import { compare } from "../../src/survey/compare.ts";
import { wrongWith } from "../../src/survey/describe-drift.ts";
import { repair } from "../../src/survey/repair.ts";
import { survey, type Survey } from "../../src/survey/survey.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, start, stateOf } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";

const ACCESS = { type: "bridge", bridge: "br0", vlan: 20 };
const TRUNK = { type: "bridge", bridge: "br1", trunk: [30, "100-101"], native: 10 };
const ROUTED = { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], prefixes: ["2001:db8:53::/64"] };
const domain = domainOf(guest(ACCESS, TRUNK, ROUTED));

const look = (kernel: FakeKernel): Promise<Survey> =>
  survey([{ kind: "read", name: domain.name, domain }], toAsked(kernel));
const nicsOf = ({ guests }: Survey) => guests.flatMap((one) => (one.kind === "read" ? one.nics : []));

const started = async (pvid = 0) => {
  const kernel = hostWith(pvid);
  await start(domain, kernel);
  kernel.log.length = 0;
  return kernel;
};
const device = (kernel: FakeKernel, name: string) => {
  const found = kernel.devices.get(name);
  if (found === undefined) throw new Error(`the fake kernel has no ${name}`);
  return found;
};

/** Everything that somebody may do to a guest's network by hand, and what status calls it. */
const breaks: readonly [string, (kernel: FakeKernel) => void, readonly string[]][] = [
  [
    "its VLAN removed",
    (kernel) => {
      device(kernel, "t-0").vlans.clear();
    },
    ["missing: VLAN 20 pvid untagged on t-0"],
  ],
  [
    "VLAN 1 added",
    (kernel) => device(kernel, "t-0").vlans.set(1, { pvid: false, untagged: true }),
    ["unexpected: VLAN 1 untagged on t-0"],
  ],
  [
    "a VLAN of a trunk untagged",
    (kernel) => device(kernel, "t-1").vlans.set(30, { pvid: false, untagged: true }),
    ["differs: VLAN 30 on t-1: untagged false, found true"],
  ],
  [
    "a port flag flipped",
    (kernel) => device(kernel, "t-0").flags.set("locked", false),
    ["differs: locked on for t-0: on true, found false"],
  ],
  [
    "the forwarding entry removed",
    (kernel) => {
      device(kernel, "t-0").fdb.clear();
    },
    [`missing: forwarding entry ${domain.nics[0]?.mac ?? ""} VLAN 20 on t-0`],
  ],
  [
    "the forwarding entry not sticky, as an earlier version made it",
    (kernel) => {
      for (const entry of device(kernel, "t-0").fdb.keys()) device(kernel, "t-0").fdb.set(entry, false);
    },
    [`differs: forwarding entry ${domain.nics[0]?.mac ?? ""} VLAN 20 on t-0: sticky true, found false`],
  ],
  [
    "a setting flipped",
    (kernel) => kernel.sysctls.set("net/ipv6/conf/t-0/disable_ipv6", "0"),
    ["differs: net/ipv6/conf/t-0/disable_ipv6=1: value 1, found 0"],
  ],
  [
    "the tap thrown off its bridge, down and with IPv6, as ifupdown2 does",
    (kernel) => {
      Object.assign(device(kernel, "t-0"), { up: false });
      kernel.join(device(kernel, "t-0"), null);
      kernel.sysctls.set("net/ipv6/conf/t-0/disable_ipv6", "0");
    },
    ["missing: t-0 as a port of br0", "differs: net/ipv6/conf/t-0/disable_ipv6=1: value 1, found 0"],
  ],
  [
    "the tap put back on its bridge as a new port, and down",
    (kernel) => {
      Object.assign(device(kernel, "t-0"), { up: false });
      kernel.join(device(kernel, "t-0"), null);
      kernel.join(device(kernel, "t-0"), "br0");
    },
    ["t-0 is down, as a new port of br0", "missing: VLAN 20 pvid untagged on t-0"],
  ],
  [
    "a route removed",
    (kernel) => device(kernel, "t-2").routes.delete("192.0.2.1/32 254 0"),
    ["missing: route 192.0.2.1/32 dev t-2"],
  ],
  [
    "a foreign route added",
    (kernel) => {
      const route = { to: "192.0.2.77/32", via: null, table: 254, metric: 0, protocol: 76 };
      return device(kernel, "t-2").routes.set("192.0.2.77/32 254 0", route);
    },
    ["unexpected: route 192.0.2.77/32 dev t-2"],
  ],
  [
    "a gateway removed",
    (kernel) => device(kernel, "t-2").addresses.delete("169.254.0.1/32"),
    ["missing: address 169.254.0.1/32 dev t-2"],
  ],
  [
    "an address added",
    (kernel) => device(kernel, "t-2").addresses.add("192.0.2.254/32"),
    ["unexpected: address 192.0.2.254/32 dev t-2"],
  ],
  [
    "the MTU changed",
    (kernel) => (device(kernel, "t-2").mtu = 1400),
    ["differs: group, address and MTU of tap t-2: mtu 1500, found 1400"],
  ],
  [
    "the source check removed",
    (kernel) => (kernel.sourceCheck = null),
    ["missing: the source check of routed taps"],
  ],
  [
    "the source check of an earlier version, whose rules say the same of other rules",
    (kernel) =>
      (kernel.sourceCheck = (kernel.sourceCheck ?? "").replace(/; rules [0-9a-f]{8}/, "; rules 00000000")),
    ["differs: the source check of routed taps: other rules"],
  ],
  [
    "the tap taken off its bridge",
    (kernel) => {
      kernel.join(device(kernel, "t-0"), null);
    },
    ["missing: t-0 as a port of br0", "missing: VLAN 20 pvid untagged on t-0"],
  ],
  [
    "the tap moved to another bridge",
    (kernel) => {
      kernel.join(device(kernel, "t-0"), "br1");
    },
    ["missing: t-0 as a port of br0", "missing: VLAN 20 pvid untagged on t-0"],
  ],
];

describe.each(breaks)("with %s", (_, breakIt, said) => {
  test.each([0, 1])(
    "status names it, plan is what apply runs, and then all is right (default PVID %d)",
    async (pvid) => {
      const kernel = await started(pvid);
      const right = stateOf(kernel);
      breakIt(kernel);
      const [broken, ...more] = nicsOf(await look(kernel)).filter(({ state }) => state.kind !== "ok");
      expect(more).toEqual([]);
      if (broken?.state.kind !== "drift") throw new Error(`found ${String(broken?.state.kind)}`);
      expect(wrongWith(broken.state)).toEqual(expect.arrayContaining([...said]));
      if (pvid === 0 && broken.state.reattach === null) expect(wrongWith(broken.state)).toEqual(said);
      expect(kernel.log).toEqual([]);

      const planned = broken.state.plan.map((step) =>
        step.tool === "nft" ? "nft source-check" : `${step.tool} ${commandText(step)}`,
      );
      expect((await repair(broken.desired, broken.state, kernel)).wrong).toBeNull();
      expect(kernel.log).toEqual(planned);
      expect(stateOf(kernel)).toBe(right);
      expect(nicsOf(await look(kernel)).map(({ state }) => state)).toEqual(Array(3).fill({ kind: "ok" }));
    },
  );
});

test("a port that is made again is never open in the bridge's default VLAN", async () => {
  const kernel = await started(1);
  kernel.join(device(kernel, "t-0"), null);
  const [first] = nicsOf(await look(kernel));
  if (first?.state.kind !== "drift") throw new Error("no drift");
  const lines = first.state.plan.map(commandText);
  expect(lines[0]).toBe("link set dev t-0 down");
  expect(lines.at(-1)).toBe("link set dev t-0 up");
  expect(lines).toContain("vlan del dev t-0 vid 1");
});

test("a port that cannot be made right stays switched off, says why, and goes up with the repair that succeeds", async () => {
  const kernel = await started();
  kernel.join(device(kernel, "t-0"), null);
  const [first] = nicsOf(await look(kernel));
  if (first?.state.kind !== "drift") throw new Error("no drift");
  kernel.fault = { line: /vlan add/, says: "Out of luck" };
  expect((await repair(first.desired, first.state, kernel)).wrong).toContain("Out of luck");
  expect(device(kernel, "t-0").up).toBe(false);
  kernel.fault = null;
  const [again] = nicsOf(await look(kernel));
  if (again?.state.kind !== "drift") throw new Error("no drift");
  expect((await repair(again.desired, again.state, kernel)).wrong).toBeNull();
  expect(nicsOf(await look(kernel))[0]?.state).toEqual({ kind: "ok" });
});

test("a tap that somebody has switched off is down, and nothing is planned", async () => {
  const kernel = await started();
  device(kernel, "t-0").up = false;
  const [first] = nicsOf(await look(kernel));
  expect(first?.state).toEqual({ kind: "down" });
});

test("a tap that somebody has switched off stays so while a setting of it is repaired", async () => {
  const kernel = await started();
  device(kernel, "t-0").up = false;
  device(kernel, "t-0").flags.set("locked", false);
  const [first] = nicsOf(await look(kernel));
  if (first?.state.kind !== "drift") throw new Error("no drift");
  await repair(first.desired, first.state, kernel);
  expect(nicsOf(await look(kernel))[0]?.state).toEqual({ kind: "down" });
});

test.each<[string, (kernel: FakeKernel) => void, RegExp]>([
  ["the bridge is gone", (kernel) => kernel.devices.delete("br0"), /bridge br0 does not exist/],
  [
    "the bridge filters no VLANs",
    (kernel) => (device(kernel, "br0").filtering = false),
    /does not filter VLANs/,
  ],
])("where %s nothing is planned, and it says why", async (_, breakIt, why) => {
  const kernel = await started();
  breakIt(kernel);
  const [first] = nicsOf(await look(kernel));
  if (first === undefined) throw new Error("no NIC");
  expect(first.state.kind).toBe("blocked");
  expect(wrongWith(first.state).join()).toMatch(why);
  expect(await compare(first.desired, toAsked(kernel))).toEqual(first.state);
});
