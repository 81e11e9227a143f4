import { expect, test } from "@jest/globals";
import { handle } from "../../src/hook/handle.ts";
import type { Host } from "../../src/kernel/host.ts";
import { toAsked } from "../../src/kernel/observe/observe.ts";
import { repair } from "../../src/survey/repair.ts";
import { survey, type Survey } from "../../src/survey/survey.ts";
import { isComing, markerOf } from "../../src/move/marker.ts";
import { promotionOf } from "../../src/move/promote.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, start, stateOf } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";

const ROUTED = {
  type: "routed",
  addresses: ["2001:db8::1", "192.0.2.1"],
  prefixes: ["2001:db8:53::/64"],
  proxy: ["up0"],
};
const domain = domainOf(guest(ROUTED));
const marker = markerOf(domain.uuid);
const FRAMES = "/sys/class/net/t-0/statistics/rx_packets";
const PID = 4711;

/** The routing daemon learns that the guest is elsewhere. */
const learn = (kernel: FakeKernel): void => {
  kernel.have("route 192.0.2.1/32 dev up0 proto 12 metric 32");
  kernel.have("route 2001:db8::1/128 dev up0 proto 186 metric 20");
};
const forget = (kernel: FakeKernel): void => {
  kernel.devices.get("up0")?.routes.clear();
};
const destination = (): FakeKernel => {
  const kernel = hostWith();
  learn(kernel);
  kernel.files.set("/proc/uptime", "1000.55 3900.11");
  return kernel;
};
const marked = (seconds: number): FakeKernel => {
  const kernel = destination();
  kernel.files.set(marker, `migrate ${String(seconds)}`);
  return kernel;
};

/** A guest that still runs elsewhere: what `prepare` has made, and the waiter that it has left. */
const coming = async (): Promise<FakeKernel> => {
  const kernel = marked(1000);
  await start(domain, kernel);
  kernel.files.set(marker, `waiter ${String(PID)}`);
  kernel.files.set(`/proc/${String(PID)}/cmdline`, `/bin/sh\0/hook\0t\0promote\0${marker}\0`);
  kernel.files.set(FRAMES, "0");
  kernel.log.length = 0;
  return kernel;
};
const runs = (kernel: FakeKernel): void => {
  kernel.files.set(FRAMES, "5");
};
const waiterDies = (kernel: FakeKernel): void => {
  kernel.files.delete(`/proc/${String(PID)}/cmdline`);
};

const routesOf = (kernel: FakeKernel): readonly string[] =>
  [...(kernel.devices.get("t-0")?.routes.values() ?? [])]
    .map(({ to, metric }) => `${to} ${String(metric)}`)
    .sort();
const STANDBY = ["192.0.2.1/32 4270000000", "2001:db8:53::/64 4270000000", "2001:db8::1/128 4270000000"];
const MOVED = ["192.0.2.1/32 1", "2001:db8:53::/64 1", "2001:db8::1/128 1"];
const HERE = ["192.0.2.1/32 0", "2001:db8:53::/64 1024", "2001:db8::1/128 1024"];

const answersFor = (kernel: FakeKernel): number => kernel.devices.get("up0")?.proxies.size ?? 0;
const batch = (kernel: FakeKernel, text: string) => kernel.run("ip", ["-force", "-batch", "-"], text);

/** The next hops of the guest's IPv6 network. */
const hopsOf = (kernel: FakeKernel): readonly (string | null)[] =>
  [...(kernel.devices.get("t-0")?.routes.values() ?? [])]
    .filter(({ to }) => to === "2001:db8:53::/64")
    .map(({ via }) => via);

const look = (kernel: FakeKernel): Promise<Survey> =>
  survey([{ kind: "read", name: domain.name, domain }], toAsked(kernel));
const only = async (kernel: FakeKernel) => {
  const [found] = (await look(kernel)).guests;
  const nic = found?.kind === "read" ? found.nics[0] : undefined;
  if (nic === undefined) throw new Error("no NIC");
  return nic;
};

test("after migrate, prepare makes routes that come after every other, and no answers on uplinks", async () => {
  const kernel = await coming();
  expect(routesOf(kernel)).toEqual(STANDBY);
  expect(answersFor(kernel)).toBe(0);
});

test("after migrate, prepare makes them also when the daemon learns the address only then", async () => {
  const kernel = marked(1000);
  forget(kernel);
  const { readFile, exists, readSysctl, writeSysctl, writeSysfs, run } = kernel;
  const late: Host = {
    ...{ readFile, exists, readSysctl, writeSysctl, writeSysfs },
    run: (file, args, stdin) => {
      if (stdin?.includes("route add") === true) learn(kernel);
      return run(file, args, stdin);
    },
  };
  expect((await handle("prepare", domain, late)).wrong).toEqual([]);
  expect(routesOf(kernel)).toEqual(STANDBY);
  expect(kernel.devices.get("up0")?.routes.size).toBe(2);
});

test.each([
  ["without a marker", destination],
  ["with the marker of a move that came to nothing", () => marked(939)],
  [
    "with what an earlier waiter has left",
    () => {
      const kernel = destination();
      kernel.files.set(marker, `waiter ${String(PID)}`);
      return kernel;
    },
  ],
])("%s a guest is started, not awaited", async (_, make) => {
  const kernel = make();
  expect(isComing(domain, kernel)).toBe(false);
  expect((await handle("prepare", domain, kernel)).notes).toHaveLength(1);
  expect(routesOf(kernel)).toEqual(HERE);
});

test("that the other host announces a guest that comes from there is no news", async () => {
  expect(await handle("prepare", domain, marked(1000))).toMatchObject({ wrong: [], notes: [] });
});

test("promoted and settled, nothing tells it from a guest that was started here, and it was never without a route", async () => {
  const cold = destination();
  forget(cold);
  await start(domain, cold);
  learn(cold);
  const kernel = await coming();
  const promotion = promotionOf(domain);
  expect(promotion?.taps).toEqual(["t-0"]);
  // Line by line: at each moment there is a route to each address.
  const all = `${promotion?.promote ?? ""}${promotion?.settle ?? ""}`.trimEnd().split("\n");
  for (const line of all) {
    expect(await batch(kernel, line)).toMatchObject({ code: 0 });
    for (const to of ["192.0.2.1/32", "2001:db8::1/128", "2001:db8:53::/64"])
      expect(routesOf(kernel).join()).toContain(to);
  }
  expect(stateOf(kernel)).toBe(stateOf(cold));
});

test("a network goes via the address of the guest, and via its link-local one where the kernel refuses that", async () => {
  const LINK_LOCAL = "fe80::5054:ff:fe97:35c3";
  const free = destination();
  forget(free);
  await start(domain, free);
  expect(hopsOf(free)).toEqual(["2001:db8::1"]);
  const taken = destination();
  await start(domain, taken);
  expect(hopsOf(taken)).toEqual([LINK_LOCAL]);
  // As good, also once the other host has taken the address back.
  forget(taken);
  expect(await handle("reconnect", domain, taken)).toEqual({ done: [], notes: [], wrong: [] });
  expect(hopsOf(taken)).toEqual([LINK_LOCAL]);
  expect((await only(taken)).state).toEqual({ kind: "ok" });
});

test("promoted, its routes come before every learned one", async () => {
  const kernel = await coming();
  expect(await batch(kernel, promotionOf(domain)?.promote ?? "")).toMatchObject({ code: 0 });
  expect(routesOf(kernel)).toEqual(MOVED);
  expect(answersFor(kernel)).toBe(2);
});

test("while it is coming, neither reconnect nor status finds anything to mend, whether or not the waiter lives", async () => {
  const kernel = await coming();
  for (const change of [() => undefined, waiterDies]) {
    change(kernel);
    expect(await handle("reconnect", domain, kernel)).toEqual({ done: [], notes: [], wrong: [] });
    expect((await only(kernel)).state).toEqual({ kind: "incoming" });
  }
  expect(routesOf(kernel)).toEqual(STANDBY);
});

test("just moved, reconnect and status leave to the waiter what it has still to do", async () => {
  const kernel = await coming();
  runs(kernel);
  await batch(kernel, promotionOf(domain)?.promote ?? "");
  expect(await handle("reconnect", domain, kernel)).toEqual({ done: [], notes: [], wrong: [] });
  expect((await only(kernel)).state).toEqual({ kind: "ok" });
  expect(routesOf(kernel)).toEqual(MOVED);
});

test("a guest that runs and whose waiter was killed is found, and mended by apply", async () => {
  const kernel = await coming();
  runs(kernel);
  waiterDies(kernel);
  const { state, desired } = await only(kernel);
  if (state.kind !== "drift") throw new Error(`it is ${state.kind}`);
  expect((await repair(desired, state, kernel)).wrong).toBeNull();
  expect(routesOf(kernel)).toEqual(HERE);
  expect((await only(kernel)).state).toEqual({ kind: "ok" });
});

test("what a waiter promotes after somebody else has mended the routes changes nothing for long", async () => {
  const kernel = await coming();
  runs(kernel);
  waiterDies(kernel);
  await handle("reconnect", domain, kernel);
  await batch(kernel, promotionOf(domain)?.promote ?? "");
  await batch(kernel, promotionOf(domain)?.settle ?? "");
  expect(routesOf(kernel)).toEqual(HERE);
});

test("a move that fails leaves nothing", async () => {
  const before = stateOf(destination());
  const kernel = await coming();
  expect((await handle("release", domain, kernel)).wrong).toEqual([]);
  expect(stateOf(kernel)).toBe(before);
});
