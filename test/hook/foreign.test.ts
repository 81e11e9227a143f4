import { describe, expect, test } from "@jest/globals";
import { handle } from "../../src/hook/handle.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, stateOf } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";

const ROUTED = { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], prefixes: ["2001:db8:53::/64"] };
const domain = domainOf(guest({ ...ROUTED, addresses: ["2001:db8::9"], prefixes: [] }, ROUTED));

const lines = (kernel: FakeKernel, ...all: readonly string[]) =>
  kernel.run("ip", ["-batch", "-"], all.join("\n"));
const tap = async (kernel: FakeKernel, ...settings: readonly string[]) => {
  await lines(kernel, "tuntap add dev t-1 mode tap", "link set dev t-1 up", ...settings);
  await lines(
    kernel,
    "address add 192.0.2.254/32 dev t-1 scope link",
    "route add 192.0.2.77/32 dev t-1 proto 76",
  );
};

const devices: readonly [string, string, (kernel: FakeKernel) => Promise<unknown>][] = [
  [
    "another guest's tap",
    '"guestnet:8bb2ca5c-0000-5000-8000-000000000000"',
    (kernel) => tap(kernel, "link set dev t-1 alias guestnet:8bb2ca5c-0000-5000-8000-000000000000"),
  ],
  ["a tap with somebody's alias", '"vpn"', (kernel) => tap(kernel, "link set dev t-1 alias vpn")],
  ["a tap without an alias", "a tun device", (kernel) => tap(kernel)],
  [
    "a bridge",
    "a bridge device",
    (kernel) => {
      kernel.bridge("t-1", true, 1);
      return Promise.resolve();
    },
  ],
  [
    "a bridge that has our alias",
    `"guestnet:${domain.uuid}"`,
    async (kernel) => {
      kernel.bridge("t-1", true, 1);
      await lines(kernel, `link set dev t-1 alias guestnet:${domain.uuid}`);
    },
  ],
];

describe.each(devices)("where %s has the name of our tap", (_, whose, make) => {
  const host = async () => {
    const kernel = hostWith();
    await make(kernel);
    kernel.log.length = 0;
    return { kernel, before: stateOf(kernel) };
  };

  test("prepare refuses, says whose it is and what to do, and changes nothing", async () => {
    const { kernel, before } = await host();
    const { wrong } = await handle("prepare", domain, kernel);
    expect(wrong).toEqual([
      `NIC t-1: the name t-1 is already used by ${whose}: set another "tap" name for this NIC, or remove that device`,
    ]);
    expect(stateOf(kernel)).toBe(before);
    expect(kernel.log).toEqual([]);
  });

  test("reconnect leaves it alone, and repairs the other NIC", async () => {
    const { kernel } = await host();
    const { wrong } = await handle("reconnect", domain, kernel);
    expect(wrong).toHaveLength(1);
    expect(kernel.log.filter((line) => line.includes("t-1"))).toEqual([]);
    expect(kernel.devices.has("t-0")).toBe(true);
  });

  test("release leaves it alone", async () => {
    const { kernel, before } = await host();
    expect((await handle("release", domain, kernel)).wrong).toEqual([]);
    expect(stateOf(kernel)).toBe(before);
  });
});

test("a route to the guest's address that somebody else has is not taken", async () => {
  const kernel = hostWith();
  await lines(
    kernel,
    "tuntap add dev vpn0 mode tap",
    "link set dev vpn0 up",
    "route add 192.0.2.1/32 dev vpn0 proto 4",
  );
  const before = stateOf(kernel);
  const { wrong } = await handle("prepare", domain, kernel);
  expect(wrong).toHaveLength(1);
  expect(wrong[0]).toContain("192.0.2.1/32 is already routed to vpn0 (protocol 4)");
  expect(stateOf(kernel)).toBe(before);
});
