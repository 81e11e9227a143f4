import { expect, test } from "@jest/globals";
import { refusal } from "../../src/doctor/peer/by-guest.ts";
import { unmetText } from "../../src/kernel/facts/demand.ts";
import { receptionOf } from "../../src/survey/reception.ts";
import { shareAnswers } from "../../src/survey/shared-answers.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, start, stateOf } from "../support/life.ts";
import { domainOf, guest, guestOn } from "../support/profiles.ts";

const HOST = { bridges: { br0: { uplinks: ["eth0"] } } };
const domain = guestOn(
  HOST,
  guest(
    { type: "bridge", bridge: "br0", trunk: [30], native: 20 },
    { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], vrf: "red" },
  ),
);
const other = (): FakeKernel => {
  const kernel = hostWith();
  kernel.enslave("eth0", "br0");
  for (const vid of [20, 30]) kernel.devices.get("eth0")?.vlans.set(vid, { pvid: false, untagged: false });
  kernel.sysctls.set("net/ipv4/conf/red/forwarding", "1");
  return kernel;
};

test("a host that has all takes the guest, and is as it was", async () => {
  const kernel = other();
  const before = stateOf(kernel);
  expect(await receptionOf(domain, "coming", shareAnswers(kernel))).toEqual({
    domain,
    refused: [],
    missing: [],
  });
  expect(stateOf(kernel)).toBe(before);
  // It is the same that the hook then asks.
  await start(domain, kernel);
});

const lacks: readonly [string, (kernel: FakeKernel) => void, RegExp][] = [
  ["the bridge", (kernel) => void kernel.devices.delete("br0"), /^bridge br0 does not exist: create it/],
  [
    "VLAN filtering",
    (kernel) => {
      const bridge = kernel.devices.get("br0");
      if (bridge !== undefined) bridge.filtering = false;
    },
    /^bridge br0 does not filter VLANs: /,
  ],
  ["the VRF", (kernel) => void kernel.devices.delete("red"), /^VRF red does not exist: create it/],
  [
    "forwarding",
    (kernel) => void kernel.sysctls.set("net/ipv4/ip_forward", "0"),
    /^the host does not forward IPv4: /,
  ],
];

test.each(lacks)("a host without %s says so, and the hook would say the same", async (_, breakIt, why) => {
  const kernel = other();
  breakIt(kernel);
  const { refused } = await receptionOf(domain, "coming", shareAnswers(kernel));
  expect(refused.map(unmetText)).toContainEqual(expect.stringMatching(why));
  // What is wrong, and what to do, in two parts.
  for (const unmet of refused) {
    expect(refusal("network of h2", "h2", unmet, ["t"])).toMatchObject({
      fact: expect.not.stringContaining(": "),
      fix: [expect.stringMatching(/^on h2: ./)],
    });
  }
  await expect(start(domain, kernel)).rejects.toThrow(/./);
});

test("VLANs that its uplinks do not carry are told, not refused", async () => {
  const kernel = other();
  kernel.devices.get("eth0")?.vlans.delete(30);
  const { refused, missing } = await receptionOf(domain, "coming", shareAnswers(kernel));
  expect([refused, missing]).toEqual([[], [{ kind: "uplink-vlan", uplink: "eth0", vid: 30 }]]);
});

test("an address that a guest there has is taken, and a tap that is the guest's own is not", async () => {
  const kernel = hostWith();
  const one = domainOf({ ...guest({ type: "routed", addresses: ["192.0.2.1"] }), name: "one" });
  const two = domainOf({ ...guest({ type: "routed", addresses: ["192.0.2.1"] }), name: "two" });
  await start(one, kernel);
  expect((await receptionOf(two, "coming", shareAnswers(kernel))).refused.map(unmetText)).toEqual([
    expect.stringMatching(/^192\.0\.2\.1\/32 is already routed to the guest behind tap one-0: /),
  ]);
  expect((await receptionOf(one, "coming", shareAnswers(kernel))).refused).toEqual([]);
});
