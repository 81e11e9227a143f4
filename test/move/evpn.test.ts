import { describe, expect, test } from "@jest/globals";
import { handle } from "../../src/hook/handle.ts";
import type { LiveDomain } from "../../src/guest/nic.ts";
import { evpnBridges } from "../../src/kernel/observe/evpn.ts";
import { toAsked } from "../../src/kernel/observe/observe.ts";
import { markerOf } from "../../src/move/marker.ts";
import { settlingOf } from "../../src/move/settle.ts";
import { survey } from "../../src/survey/survey.ts";
import type { IfName } from "../../src/values/names.ts";
import type { FakeKernel } from "../support/fake-kernel.ts";
import { hostWith, start, unplug } from "../support/life.ts";
import { domainOf, guest } from "../support/profiles.ts";
import { access, guarded, MAC, open, portsOf, trunk } from "./bridge-nics.ts";

const BRIDGES: ReadonlySet<IfName> = new Set(["br0" as IfName]);
const DRIVER = "/sys/module/vxlan/parameters/udp_port";
const LEARNING = "/sys/class/net/br0/brif/vxlan0/learning";
const KIND = "/sys/class/net/vxlan0/uevent";
const LINK_LOCAL = "/sys/class/net/br0/bridge/no_linklocal_learn";

/** The kernel's files of a host whose bridge has a VXLAN port on which it does not learn. */
const FILES: readonly (readonly [name: string, text: string])[] = [
  [DRIVER, "0"],
  [
    "/proc/net/dev",
    "Inter-|   Receive  |  Transmit\n face |bytes packets|bytes\n    lo: 0 0 0\n   br0: 0 0 0\n   t-0: 0 0 0\nvxlan0: 0 0 0",
  ],
  ["/sys/class/net/br0/brif/t-0/learning", "0"],
  ["/sys/devices/virtual/net/t-0/tun_flags", "0x1002"],
  [LEARNING, "0"],
  [KIND, "DEVTYPE=vxlan\nINTERFACE=vxlan0\nIFINDEX=9"],
  [LINK_LOCAL, "0"],
];

const evpnHost = (): FakeKernel => {
  const kernel = hostWith();
  for (const [name, text] of FILES) kernel.files.set(name, text);
  return kernel;
};
const stateIn = async (domain: LiveDomain, kernel: FakeKernel): Promise<unknown> => {
  const { guests } = await survey([{ kind: "read", name: "t", domain }], toAsked(kernel));
  return guests.map((one) => (one.kind === "read" ? one.nics.map(({ state }) => state.kind) : one.kind));
};

describe("a bridge has EVPN", () => {
  const answer = (without: string, instead: string | null = null): boolean => {
    const files = new Map(FILES);
    if (instead === null) files.delete(without);
    else files.set(without, instead);
    const exists = (name: string): boolean => files.has(name);
    return evpnBridges(BRIDGES, { exists, readFile: (name) => files.get(name) ?? null }).size > 0;
  };

  test("where it has a VXLAN port and does not learn there", () => {
    expect(answer("")).toBe(true);
  });

  test.each([
    ["it learns there, as with a list of hosts", LEARNING, "1"],
    ["the VXLAN device is not a port of it", LEARNING, null],
    ["the port on which it does not learn is a guest's", KIND, "INTERFACE=vxlan0"],
  ])("not where %s", (_, file, instead) => {
    expect(answer(file, instead)).toBe(false);
  });

  test("not on a host without VXLAN, where nothing else is read", () => {
    const read: string[] = [];
    const readFile = (name: string): null => {
      read.push(name);
      return null;
    };
    expect(evpnBridges(BRIDGES, { exists: () => false, readFile }).size).toBe(0);
    expect(read).toEqual([DRIVER]);
  });

  test("and no file of a tap is read to find that out: a host may have a thousand", () => {
    const files = new Map(FILES);
    const read: string[] = [];
    const readFile = (name: string): string | null => {
      read.push(name);
      return files.get(name) ?? null;
    };
    expect(evpnBridges(BRIDGES, { exists: (name) => files.has(name), readFile }).size).toBe(1);
    expect(read.filter((name) => name.includes("t-0"))).toEqual([]);
  });

  test.each([DRIVER, "/proc/net/dev", LEARNING, KIND])(
    "and an error is thrown where %s cannot be read, so the guest is refused",
    (unreadable) => {
      const files = new Map(FILES);
      const readFile = (name: string): string | null => {
        if (name === unreadable) throw new Error(`${name}: Cannot allocate memory`);
        return files.get(name) ?? null;
      };
      expect(() => evpnBridges(BRIDGES, { exists: (name) => files.has(name), readFile })).toThrow(unreadable);
    },
  );
});

describe("a port of a bridge with EVPN", () => {
  test.each([
    ["access", access, "83", [`mac-sources "t-0" . ${MAC}`]],
    ["guarded", guarded, "84", [`mac-sources "t-0" . ${MAC}`, 'ipv4-sources "t-0" . 10.0.20.5']],
  ])("%s: learns, and nftables holds the guest to its MAC address", async (_, nic, group, elements) => {
    const [domain, kernel] = [domainOf(guest(nic)), evpnHost()];
    await start(domain, kernel);
    const port = kernel.devices.get("t-0");
    expect([port?.group, port?.flags.get("learning"), port?.flags.get("locked")]).toEqual([
      group,
      true,
      false,
    ]);
    expect(port?.fdb.size).toBe(0);
    expect(kernel.guard.print()).toEqual(expect.arrayContaining(elements));
    // From a frame to a link-local address the bridge would learn before nftables sees it.
    expect(kernel.files.get(LINK_LOCAL)).toBe("1");
    expect(await stateIn(domain, kernel)).toEqual([["ok"]]);
  });

  test("is made so when the bridge gets EVPN while the guest runs, and is locked again without it", async () => {
    const [domain, kernel] = [domainOf(guest(access)), evpnHost()];
    kernel.files.set(LEARNING, "1");
    await start(domain, kernel);
    expect(kernel.devices.get("t-0")?.fdb.size).toBe(1);
    kernel.files.set(LEARNING, "0");
    expect(await stateIn(domain, kernel)).toEqual([["drift"]]);
    expect((await handle("reconnect", domain, kernel)).wrong).toEqual([]);
    expect(kernel.devices.get("t-0")?.fdb.size).toBe(0);
    expect(kernel.devices.get("t-0")?.flags.get("locked")).toBe(false);
    kernel.files.set(LEARNING, "1");
    expect((await handle("reconnect", domain, kernel)).wrong).toEqual([]);
    expect(kernel.devices.get("t-0")?.flags.get("locked")).toBe(true);
  });

  test("leaves no element of a set behind", async () => {
    const [domain, kernel] = [domainOf(guest(access)), evpnHost()];
    await start(domain, kernel);
    unplug(domain, kernel);
    expect((await handle("release", domain, kernel)).wrong).toEqual([]);
    expect(kernel.guard.print()).toEqual([]);
  });

  test("of a guest that is coming is told from that of one that is here", async () => {
    const [domain, kernel] = [domainOf(guest(access)), evpnHost()];
    kernel.files.set("/proc/uptime", "1000.55 3900.11");
    kernel.files.set(markerOf(domain.uuid), "migrate 1000");
    kernel.files.set("/sys/class/net/t-0/statistics/rx_packets", "0");
    await start(domain, kernel);
    expect(kernel.devices.get("t-0")?.group).toBe("81");
    expect(kernel.files.get(LINK_LOCAL)).toBe("1");
  });
});

describe("what is left to do when a guest has moved to a bridge with EVPN", () => {
  const settling = (nic: object) => settlingOf(portsOf(domainOf(guest(nic))), () => true);

  test.each([
    ["access", access, "83"],
    ["guarded", guarded, "84"],
    ["trunk", trunk, "83"],
  ])("%s: a learned entry in each of its VLANs, and its group", (_, nic, group) => {
    const { bridge, ip, nft } = settling(nic);
    expect(bridge).toBe(`fdb replace ${MAC} dev t-0 master dynamic\n`);
    expect(ip.split("\n")[0]).toBe(`link set dev t-0 group ${group}`);
    expect(nft).toBe("");
  });

  test("nothing without anti-spoofing", () => {
    expect(settling(open)).toMatchObject({ bridge: "", ip: "", nft: "" });
  });
});
