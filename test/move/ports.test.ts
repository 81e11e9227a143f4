import { describe, expect, test } from "@jest/globals";
import { handle } from "../../src/hook/handle.ts";
import type { LiveDomain } from "../../src/guest/nic.ts";
import { announcementOf } from "../../src/move/announce.ts";
import { awaitPorts, forgetPorts } from "../../src/move/follow-move.ts";
import { markerOf } from "../../src/move/marker.ts";
import type { MovingHost } from "../../src/move/moving-host.ts";
import { settlingOf } from "../../src/move/settle.ts";
import { toAsked } from "../../src/kernel/observe/observe.ts";
import { survey } from "../../src/survey/survey.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, start, stateOf, unplug } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";
import { access, guarded, MAC, open, portsOf, trunk } from "./bridge-nics.ts";

const FRAMES = "/sys/class/net/t-0/statistics/rx_packets";

/** A host to which libvirt has said that the guest moves. */
const destination = (domain: LiveDomain, seconds = 1000): FakeKernel => {
  const kernel = hostWith();
  kernel.files.set("/proc/uptime", "1000.55 3900.11");
  kernel.files.set(markerOf(domain.uuid), `migrate ${String(seconds)}`);
  kernel.files.set(FRAMES, "0");
  return kernel;
};
const arrived = async (nic: object, seconds = 1000) => {
  const domain = domainOf(guest(nic));
  const kernel = destination(domain, seconds);
  await start(domain, kernel);
  return { domain, kernel, port: kernel.devices.get("t-0") };
};
const stateIn = async (domain: LiveDomain, kernel: FakeKernel): Promise<unknown> => {
  const { guests } = await survey([{ kind: "read", name: "t", domain }], toAsked(kernel));
  return guests.map((one) => (one.kind === "read" ? one.nics.map(({ state }) => state.kind) : one.kind));
};

describe("the port of a guest that still runs elsewhere", () => {
  test("has its VLANs, learns, and lets only the guest's MAC address speak", async () => {
    const { kernel, port } = await arrived(access);
    expect([...(port?.vlans.keys() ?? [])]).toEqual([20]);
    expect([port?.group, port?.flags.get("learning"), port?.flags.get("locked")]).toEqual([
      "81",
      true,
      false,
    ]);
    expect(port?.fdb.size).toBe(0);
    expect(kernel.guard.print()).toEqual([`mac-sources "t-0" . ${MAC}`]);
  });

  test("is held to its addresses as well, where they are known", async () => {
    const { kernel, port } = await arrived(guarded);
    expect(port?.group).toBe("82");
    expect(kernel.guard.print()).toContain('ipv4-sources "t-0" . 10.0.20.5');
  });

  test("learns, and is in no group, without anti-spoofing", async () => {
    const { port } = await arrived(open);
    expect([port?.group, port?.flags.get("learning")]).toEqual(["default", true]);
  });

  test("is that of a guest that starts here when the move was announced too long ago", async () => {
    const { port } = await arrived(access, 900);
    expect([port?.group, port?.flags.get("locked"), port?.fdb.size]).toEqual(["default", true, 1]);
  });

  test.each([
    ["access", access],
    ["guarded", guarded],
    ["trunk", trunk],
  ])("%s: is left alone until a frame has come, and is mended then", async (_, nic) => {
    const { domain, kernel } = await arrived(nic);
    const waiting = stateOf(kernel);
    expect(await stateIn(domain, kernel)).toEqual([["ok"]]);
    expect((await handle("reconnect", domain, kernel)).done).toEqual([]);
    expect(stateOf(kernel)).toBe(waiting);

    kernel.files.set(FRAMES, "1");
    expect(await stateIn(domain, kernel)).toEqual([["drift"]]);
    expect((await handle("reconnect", domain, kernel)).wrong).toEqual([]);
    const cold = hostWith();
    await start(domain, cold);
    const settled = (host: FakeKernel) => JSON.stringify(host.devices.get("t-0"), replacer);
    expect(settled(kernel)).toBe(settled(cold));
    expect(kernel.guard.print()).toEqual(cold.guard.print());
  });

  test("leaves nothing when the move comes to nothing", async () => {
    const { domain, kernel } = await arrived(access);
    unplug(domain, kernel);
    expect((await handle("release", domain, kernel)).wrong).toEqual([]);
    expect(kernel.guard.print()).toEqual([]);
  });
});

const replacer = (_: string, value: unknown): unknown =>
  value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)].sort() : value;

describe("what is left to do when it runs", () => {
  test("its forwarding entries, its lock; later its group, and no check by nftables any more", () => {
    expect(settlingOf(portsOf(domainOf(guest(access))), () => false)).toEqual({
      taps: ["t-0"],
      bridge: `fdb replace ${MAC} dev t-0 vlan 20 master static sticky\nlink set dev t-0 learning off locked on\n`,
      tc: "",
      ip: "link set dev t-0 group default\n",
      nft: `delete element bridge guestnet mac-sources { "t-0" . ${MAC} }\n`,
    });
  });

  test("a guest with addresses stays in the group of those", () => {
    expect(settlingOf(portsOf(domainOf(guest(guarded))), () => false).ip).toBe("link set dev t-0 group 77\n");
  });

  test("a guest with a virtual router's MAC address is never locked, and stays checked by nftables", () => {
    const router = { ...guarded, macs: ["00:00:5e:00:01:0a", "52:54:00:aa:00:01"] };
    expect(settlingOf(portsOf(domainOf(guest(router))), () => false)).toMatchObject({
      bridge: ["52:54:00:aa:00:01", MAC]
        .reverse()
        .map((mac) => `fdb replace ${mac} dev t-0 vlan 20 master static sticky\n`)
        .join(""),
      ip: "link set dev t-0 group 84\n",
      nft: "",
    });
  });

  test("a port that nobody checks has nothing to become", () => {
    expect(settlingOf(portsOf(domainOf(guest(open))), () => false)).toMatchObject({
      bridge: "",
      ip: "",
      nft: "",
    });
  });
});

describe("the announcement", () => {
  const of = (nic: object) => portsOf(domainOf(guest(nic))).map(announcementOf)[0] ?? null;

  test("is QEMU's own on an access port", () => {
    expect(of(access)).toBeNull();
  });

  test("comes in again in each tagged VLAN", () => {
    expect(of(trunk)?.tc.slice(-1)).toEqual([
      "filter add dev t-0 ingress pref 1 protocol rarp matchall " +
        "action police rate 4kbit burst 600 conform-exceed continue/pipe " +
        "action vlan push id 30 pipe action mirred egress mirror dev an_525400000001 pipe " +
        "action vlan modify id 31 pipe action mirred egress mirror dev an_525400000001 pipe action vlan pop continue",
    ]);
  });

  test("has no more actions in a list than the kernel takes, in no more VLANs than is good", () => {
    const { tc = [], left } = of({ ...trunk, trunk: ["1-4000"] }) ?? {};
    const counts = tc.map((line) => line.split(" action ").length - 1);
    expect(Math.max(...counts)).toBe(32);
    expect(tc.join(" ").match(/ id \d+/g)).toHaveLength(256);
    expect(left).toBe(4000 - 256);
  });
});

describe("a guest is refused for nothing of this", () => {
  const domain = domainOf(guest(trunk));
  const told: (readonly string[])[] = [];
  const saying = (stderr: string): MovingHost => ({
    readFile: (name) => (name === "/sys/class/net/t-0/ifindex" ? "7" : null),
    exists: () => false,
    readSysctl: () => null,
    writeSysctl: () => undefined,
    writeSysfs: () => undefined,
    run: (file) =>
      Promise.resolve(
        file === "tc" && stderr !== ""
          ? { code: 1, stdout: "", stderr }
          : { code: 0, stdout: "", stderr: "" },
      ),
    leave: (words) => Promise.resolve(told.push(words)),
    writeFile: () => undefined,
    removeFile: () => undefined,
  });

  test("a kernel without what tc needs is a note", async () => {
    const host = saying("Error: TC classifier not found.\nCommand failed -:4\n");
    expect(await awaitPorts(domain, host)).toEqual([
      "cannot announce the guest in the tagged VLANs of t-0 (tc: Error: TC classifier not found.): switches learn it from its first frame there",
    ]);
    const { bridge, tc, ip, nft } = settlingOf(portsOf(domain), () => false);
    expect(told).toEqual([["t", "settle", markerOf(domain.uuid), bridge, tc, ip, nft, "t-0:7"]]);
  });

  test("a queueing discipline that libvirt has made is no reason for one", async () => {
    const host = saying("Error: Exclusivity flag on, cannot modify.\nCommand failed -:3\n");
    expect(await awaitPorts(domain, host)).toEqual([]);
  });

  test("tc that is not installed, and a process that cannot be left behind, are notes", async () => {
    const host: MovingHost = {
      ...saying(""),
      run: () => Promise.reject(new Error("cannot run tc: ENOENT")),
      leave: () => Promise.reject(new Error("no memory")),
    };
    expect(await awaitPorts(domain, host)).toEqual([
      expect.stringContaining("(cannot run tc: ENOENT)"),
      'its ports keep learning until "guestnet apply t": no memory',
    ]);
    await forgetPorts(domain, host);
  });

  test("the marker of a guest with routed NICs, too, is left to the one who promotes those", async () => {
    const both = domainOf(guest(access, { type: "routed", addresses: ["2001:db8::1"] }));
    told.length = 0;
    await awaitPorts(both, saying(""));
    expect(told.map(([, , marker]) => marker)).toEqual([""]);
  });
});
