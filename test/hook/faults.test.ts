import { describe, expect, test } from "@jest/globals";
import { handle } from "../../src/hook/handle.ts";
import type { Host } from "../../src/kernel/host.ts";
import { isRouted, type LiveDomain } from "../../src/guest/nic.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, plug, start, stateOf, unplug } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";

const access = { type: "bridge", bridge: "br0", vlan: 20 };
const trunk = { type: "bridge", bridge: "br1", trunk: [30, "100-103"], native: 10, isolated: true };
const routed = { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], prefixes: ["2001:db8:53::/64"] };
const guests: readonly (readonly [string, LiveDomain])[] = [
  ["an access port", domainOf(guest(access))],
  ["a trunk", domainOf(guest(trunk))],
  ["a routed tap", domainOf(guest(routed))],
  [
    "two routed taps",
    domainOf(guest({ ...routed, addresses: ["2001:db8::2"] }, { type: "routed", addresses: ["192.0.2.2"] })),
  ],
  ["both kinds", domainOf(guest(access, routed, trunk))],
];

/** A kernel in which the operation can begin. */
const kernelBefore = async (operation: "prepare" | "start", domain: LiveDomain): Promise<FakeKernel> => {
  const kernel = hostWith(1);
  if (operation === "prepare") return kernel;
  await handle("prepare", domain, kernel);
  plug(domain, kernel);
  kernel.log.length = 0;
  return kernel;
};

const linesOf = async (operation: "prepare" | "start", domain: LiveDomain): Promise<readonly string[]> => {
  const kernel = await kernelBefore(operation, domain);
  await handle(operation, domain, kernel);
  return kernel.log;
};

const all = (
  await Promise.all(
    guests.flatMap(([name, domain]) =>
      (["prepare", "start"] as const).map(async (operation) =>
        (await linesOf(operation, domain)).map((line) => [operation, name, line, domain] as const),
      ),
    ),
  )
).flat();
const exactly = (line: string): RegExp =>
  new RegExp(`^${line.startsWith("nft") ? "nft" : line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
// Until it has its name, a tap is known by the one it will have.
const tapIn = (line: string): string =>
  line.includes(" dev mk_")
    ? "adding tap t-"
    : (/(?:dev |\/conf\/|^sysfs class\/net\/)([a-z0-9-]+)/.exec(line)?.[1] ?? "the source check");

test("there are lines to fail in each kind of guest", () => {
  expect(new Set(all.map(([operation, name]) => `${operation} ${name}`)).size).toBe(6);
});

test.each(all)(
  "%s of %s: a failing %s is one problem that says where and why",
  async (operation, _, line, domain) => {
    const kernel = await kernelBefore(operation, domain);
    const before = stateOf(kernel);
    kernel.fault = { line: exactly(line), says: "RTNETLINK answers: Out of luck" };
    const { wrong } = await handle(operation, domain, kernel);
    expect(kernel.fault).toBeNull();
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toContain("RTNETLINK answers: Out of luck");
    expect(wrong[0]).toContain(tapIn(line));
    expect(wrong[0]).toMatch(/\(\d+ of \d+ steps applied\)$/);
    // libvirt takes the taps of bridge NICs away itself; what is ours goes before the hook ends.
    if (operation === "prepare") expect(stateOf(kernel)).toBe(before);
  },
);

test.each(all)(
  "%s of %s: after a failing %s the guest can be released, and started again",
  async (operation, _, line, domain) => {
    const kernel = hostWith(1);
    const before = stateOf(kernel);
    if (operation === "start") {
      await handle("prepare", domain, kernel);
      plug(domain, kernel);
    }
    kernel.fault = { line: exactly(line), says: "Out of luck" };
    await handle(operation, domain, kernel);
    if (operation === "start") unplug(domain, kernel);
    expect((await handle("release", domain, kernel)).wrong).toEqual([]);
    expect(stateOf(kernel)).toBe(before);
    await start(domain, kernel);
  },
);

describe("clearing away goes on to the end", () => {
  test("a tap that cannot be removed does not keep the other", async () => {
    const domain = domainOf(guest(routed, { type: "routed", addresses: ["192.0.2.2"] }));
    const kernel = hostWith();
    await start(domain, kernel);
    kernel.fault = { line: /^ip link delete dev t-0$/, says: "Device or resource busy" };
    const { wrong } = await handle("release", domain, kernel);
    expect(wrong).toEqual(["removing tap t-0: Device or resource busy (0 of 1 steps applied)"]);
    expect([...kernel.devices.keys()]).toEqual(["br0", "br1", "red", "t-0"]);
  });

  test("a prepare that fails, and cannot clear away, says both", async () => {
    const domain = domainOf(guest(routed));
    const kernel = hostWith();
    kernel.fault = { line: /^ip route add 192/, says: "Out of luck" };
    const run = kernel.run;
    const host: Host = {
      readFile: kernel.readFile,
      exists: kernel.exists,
      readSysctl: kernel.readSysctl,
      writeSysctl: kernel.writeSysctl,
      writeSysfs: kernel.writeSysfs,
      run: (...[file, args, stdin]: Parameters<typeof run>) =>
        stdin?.startsWith("link delete") === true
          ? Promise.resolve({ code: 1, stdout: "", stderr: "Device or resource busy\nCommand failed -:1" })
          : run(file, args, stdin),
    };
    const { wrong } = await handle("prepare", domain, host);
    expect(wrong.map((text) => /^[^:]+: [^(]+/.exec(text)?.[0].trim())).toEqual([
      "adding route 192.0.2.1/32 dev t-0: Out of luck",
      "removing tap t-0: Device or resource busy",
    ]);
  });
});

test("repairing goes on to the end", async () => {
  const domain = domainOf(guest(access, trunk, routed));
  const kernel = hostWith();
  await start(domain, kernel);
  for (const nic of domain.nics) if (!isRouted(nic)) kernel.devices.get(nic.tap)?.vlans.clear();
  kernel.devices.get("t-2")?.routes.clear();
  kernel.fault = { line: /^bridge vlan add dev t-0/, says: "Out of luck" };
  const { done, wrong } = await handle("reconnect", domain, kernel);
  expect(wrong).toHaveLength(1);
  expect(done.some((line) => line.includes("dev t-1"))).toBe(true);
  expect(done.some((line) => line.includes("dev t-2"))).toBe(true);
});

test("a tool that cannot be started is one problem", async () => {
  const { readFile, exists, readSysctl, writeSysctl, writeSysfs } = hostWith();
  const host: Host = {
    readFile,
    exists,
    readSysctl,
    writeSysctl,
    writeSysfs,
    run: () => Promise.reject(new Error("cannot run ip: spawn ip ENOENT")),
  };
  const { wrong } = await handle("start", domainOf(guest(access)), host);
  expect(wrong).toEqual(["cannot run ip: spawn ip ENOENT"]);
});
