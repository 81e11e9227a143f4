import { expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import { handle } from "../../src/hook/handle.ts";
import type { LiveDomain } from "../../src/guest/nic.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, plug, start, unplug } from "../support/life.ts";
import { guestOn } from "../support/profiles.ts";

const HOSTS = {
  follow: { bridges: { br0: { uplinks: ["up0"], uplinkVlans: "follow-guests" } } },
  static: { bridges: { br0: { uplinks: ["up0"] } } },
} as const;

/** Guest number n, in a VLAN of br0. */
const inVlan = (n: number, vlan: number, mode: keyof typeof HOSTS = "follow"): LiveDomain =>
  guestOn(HOSTS[mode], {
    name: `g${String(n)}`,
    memory: "1 GiB",
    interfaces: [{ type: "bridge", bridge: "br0", vlan }],
  });

/** A host whose uplink is in VLAN 99, by the administrator's will, and which is itself in VLAN 50. */
const host = (): FakeKernel => {
  const kernel = hostWith();
  kernel.enslave("up0", "br0");
  const vlan = { pvid: false, untagged: false };
  kernel.devices.get("up0")?.vlans.set(99, vlan);
  kernel.devices.get("br0")?.vlans.set(50, vlan);
  return kernel;
};
const carried = (kernel: FakeKernel): readonly number[] =>
  [...(kernel.devices.get("up0")?.vlans.keys() ?? [])].sort((a, b) => a - b);

const stop = async (domain: LiveDomain, kernel: FakeKernel): Promise<void> => {
  unplug(domain, kernel);
  expect((await handle("release", domain, kernel)).wrong).toEqual([]);
};

test("a VLAN comes with its first guest and goes with its last; the administrator's stays", async () => {
  const kernel = host();
  const [a, b, other] = [inVlan(1, 20), inVlan(2, 20), inVlan(3, 99)];
  await start(a, kernel);
  await start(b, kernel);
  await start(other, kernel);
  expect(carried(kernel)).toEqual([20, 99]);
  await stop(a, kernel);
  expect(carried(kernel)).toEqual([20, 99]);
  await stop(b, kernel);
  expect(carried(kernel)).toEqual([99]);
  await stop(other, kernel);
  expect(carried(kernel)).toEqual([99]);
});

test("a VLAN that the host itself is in stays with the last guest's end", async () => {
  const kernel = host();
  await start(inVlan(1, 50), kernel);
  await stop(inVlan(1, 50), kernel);
  expect(carried(kernel)).toEqual([50, 99]);
});

test("what a guest left that ended without a release goes with the next start", async () => {
  const kernel = host();
  await start(inVlan(1, 20), kernel);
  unplug(inVlan(1, 20), kernel);
  await start(inVlan(2, 30), kernel);
  expect(carried(kernel)).toEqual([30, 99]);
});

test("a guest that starts while the last one's VLAN is being taken away gets it back", async () => {
  const kernel = host();
  await start(inVlan(1, 20), kernel);
  unplug(inVlan(1, 20), kernel);
  const { run, readFile, exists, readSysctl, writeSysctl, writeSysfs } = kernel;
  let late = false;
  // Between the last guest's look and its change another guest's port comes, which finds its VLAN on the uplink.
  const slow = {
    readFile,
    exists,
    readSysctl,
    writeSysctl,
    writeSysfs,
    run: async (file: string, args: readonly string[], stdin = "") => {
      if (!late && stdin.includes("vlan del dev up0")) {
        late = true;
        await start(inVlan(2, 20), kernel);
      }
      return run(file, args, stdin);
    },
  };
  expect((await handle("release", inVlan(1, 20), slow)).wrong).toEqual([]);
  expect(late).toBe(true);
  expect(carried(kernel)).toEqual([20, 99]);
});

test("whatever comes and goes in whatever order, the uplink has what the ports have, and VLAN 99", async () => {
  const vlans = fc.integer({ min: 20, max: 23 });
  const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), vlans, fc.boolean()), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(moves, async (all) => {
      const kernel = host();
      const running = new Map<number, LiveDomain>();
      for (const [n, vlan, crashes] of all) {
        const domain = running.get(n);
        if (domain === undefined) {
          running.set(n, inVlan(n, vlan));
          await start(inVlan(n, vlan), kernel);
        } else {
          running.delete(n);
          if (crashes) unplug(domain, kernel);
          else await stop(domain, kernel);
        }
      }
      const last = inVlan(9, 29);
      await start(last, kernel);
      await stop(last, kernel);
      const ports = [...running.keys()].flatMap((n) => [
        ...(kernel.devices.get(`g${String(n)}-0`)?.vlans.keys() ?? []),
      ]);
      expect(carried(kernel)).toEqual([...new Set([...ports, 99])].sort((a, b) => a - b));
    }),
    { numRuns: 30 },
  );
});

test("a static uplink is left alone, and what it lacks is said", async () => {
  const kernel = host();
  await handle("prepare", inVlan(1, 20, "static"), kernel);
  plug(inVlan(1, 20, "static"), kernel);
  const { wrong, notes } = await handle("start", inVlan(1, 20, "static"), kernel);
  expect(wrong).toEqual([]);
  expect(notes).toEqual([
    'uplink up0 does not carry VLAN 20, so the guest reaches only this host in it: run "bridge vlan add dev up0 vid 20"',
  ]);
  expect(carried(kernel)).toEqual([99]);
});

test("a VLAN device on the uplink that would take the guest's frames refuses the start", async () => {
  const kernel = host();
  const table = "VLAN Dev name | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\n";
  const readFile = (name: string): string | null =>
    name === "/proc/net/vlan/config" ? `${table}up0.20         | 20  | up0\n` : kernel.readFile(name);
  const { run, exists, readSysctl, writeSysctl, writeSysfs } = kernel;
  plug(inVlan(1, 20), kernel);
  const withDevice = { run, readFile, exists, readSysctl, writeSysctl, writeSysfs };
  expect((await handle("start", inVlan(1, 20), withDevice)).wrong).toEqual([
    'NIC g1-0: VLAN device up0.20 on up0 takes the frames of VLAN 20 before bridge br0 receives them: remove it, or create it on the bridge instead with "ip link add link br0 name br0.20 type vlan id 20"',
  ]);
  plug(inVlan(2, 30), kernel);
  expect((await handle("start", inVlan(2, 30), withDevice)).wrong).toEqual([]);
});
