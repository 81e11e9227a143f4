import { describe, expect, test } from "@jest/globals";
import { handle } from "../../src/hook/handle.ts";
import { hostWith, start, stateOf } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";

const named = (name: string, nic: object) => domainOf({ ...guest(nic), name });
const routed = (more: object) => ({ type: "routed", addresses: ["192.0.2.1", "2001:db8::1"], ...more });

describe("a second guest with the addresses of the first", () => {
  const second = async (first: object, more: object): Promise<readonly string[]> => {
    const kernel = hostWith();
    await start(named("a", routed(first)), kernel);
    const before = stateOf(kernel);
    const { wrong } = await handle("prepare", named("b", routed(more)), kernel);
    if (wrong.length > 0) expect(stateOf(kernel)).toBe(before);
    return wrong.map((text) => text.replace(/: assign another one to one of the guests.*/, ""));
  };
  const taken = [
    "NIC b-0: 192.0.2.1/32 is already routed to the guest behind tap a-0",
    "NIC b-0: 2001:db8::1/128 is already routed to the guest behind tap a-0",
  ];

  test.each([
    ["is refused", {}, {}, taken],
    ["is refused in one VRF", { vrf: "red" }, { vrf: "red" }, taken],
    ["is refused in one table", { table: 100 }, { table: 100 }, taken],
    ["is taken in another VRF", {}, { vrf: "red" }, []],
    ["is taken in another table", { table: 100 }, { table: 101 }, []],
    ["is taken in main beside a table", { table: 100 }, {}, []],
    ["is taken as anycast", { anycast: true }, { anycast: true }, []],
    ["is taken as anycast while one answers", { anycast: true }, { anycast: { while: "answers" } }, []],
    ["is refused whatever its metric", {}, { metric: 5 }, taken],
  ])("%s", async (_, first, more, expected) => {
    expect(await second(first, more)).toEqual(expected);
  });
});

describe("a guest whose networks a routing daemon has learned from another host", () => {
  const LEARNED = [
    "route 192.0.2.1/32 dev up0 proto 186 metric 20",
    "route 2001:db8::1/128 dev up0 proto 12 metric 32",
    "route 2001:db8:53::/64 dev up0 proto 12 metric 32",
  ];
  const prepared = async (more: object, learned: readonly string[] = LEARNED) => {
    const kernel = hostWith();
    for (const line of learned) kernel.have(line);
    return handle("prepare", named("a", routed({ prefixes: ["2001:db8:53::/64"], ...more })), kernel);
  };

  test("starts, prefixes included, and it is said who else may have it", async () => {
    expect(await prepared({})).toMatchObject({
      wrong: [],
      notes: [
        'another host announces 192.0.2.1/32, 2001:db8::1/128, 2001:db8:53::/64: the guest may also run there, and packets reach only one of the two: check with "guestnet status --host URI"',
      ],
    });
  });

  test.each([
    ["it is anycast", { anycast: true }, LEARNED],
    ["they are in another table", { table: 100 }, LEARNED],
    ["what was learned is the network around them", {}, ["route 192.0.2.0/24 dev up0 proto 186 metric 20"]],
    ["there is none", {}, []],
  ])("nothing is said where %s", async (_, more, learned) => {
    expect(await prepared(more, learned)).toMatchObject({ wrong: [], notes: [] });
  });

  test("an administrator's own route is no such thing: it refuses", async () => {
    const { wrong } = await prepared({}, ["route 192.0.2.1/32 dev up0 proto 4 metric 20"]);
    expect(wrong).toEqual([expect.stringContaining("192.0.2.1/32 is already routed to up0 (protocol 4)")]);
  });
});

test.each([
  ["is no obstacle to another with anycast", { anycast: { while: "answers" } }, 0],
  ["is one to any other guest", {}, 1],
])("an anycast guest whose routes are withdrawn %s", async (_, more, refusals) => {
  const kernel = hostWith();
  await start(named("a", routed({ anycast: { while: "answers" } })), kernel);
  // What hooks/watch.sh leaves in their place.
  kernel.have("route 2001:db8::1/128 dev a-0 proto 77 metric 4270000000");
  expect((await handle("prepare", named("b", routed(more)), kernel)).wrong).toHaveLength(refusals);
});

test("anycast guests keep their own routes when another stops", async () => {
  const kernel = hostWith();
  const [a, b] = [named("a", routed({ anycast: true })), named("b", routed({ anycast: true }))];
  await start(a, kernel);
  const alone = stateOf(kernel);
  await start(b, kernel);
  expect((await handle("release", b, kernel)).wrong).toEqual([]);
  expect(stateOf(kernel)).toBe(alone);
});

test("a guest's own addresses are free to it when it is prepared again", async () => {
  const kernel = hostWith();
  const domain = named("a", routed({ prefixes: ["2001:db8:53::/64"] }));
  await start(domain, kernel);
  expect(await handle("prepare", domain, kernel)).toEqual({ done: [], notes: [], wrong: [] });
});

describe("a VRF", () => {
  const inRed = named("a", routed({ vrf: "red" }));
  const refused = async (
    prepare: (kernel: ReturnType<typeof hostWith>) => void,
  ): Promise<readonly string[]> => {
    const kernel = hostWith();
    prepare(kernel);
    return (await handle("prepare", inRed, kernel)).wrong;
  };

  test("that is not there is refused with how to make it", async () => {
    expect(await refused((kernel) => kernel.devices.delete("red"))).toEqual([
      'NIC a-0: VRF red does not exist: create it with "ip link add red type vrf table NUMBER" and "ip link set red up"',
    ]);
  });

  test("of another kind is refused", async () => {
    const wrong = await refused((kernel) => {
      kernel.devices.delete("red");
      kernel.bridge("red", true, 0);
    });
    expect(wrong).toEqual(["NIC a-0: red is not a VRF (bridge device)"]);
  });

  test("that is down is refused", async () => {
    const wrong = await refused((kernel) => {
      Object.assign(kernel.devices.get("red") ?? {}, { up: false });
    });
    expect(wrong).toEqual(['NIC a-0: VRF red is down: bring it up with "ip link set red up"']);
  });

  test("that does not forward IPv4 is refused", async () => {
    const wrong = await refused((kernel) => kernel.sysctls.set("net/ipv4/conf/red/forwarding", "0"));
    expect(wrong).toEqual([
      'NIC a-0: VRF red does not forward IPv4: enable it with "sysctl -w net/ipv4/conf/red/forwarding=1"',
    ]);
  });
});
