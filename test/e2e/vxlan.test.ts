import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Lab, Machine } from "../lab/lab.ts";
import { capture } from "./stage/traffic/capture.ts";
import { arp, ethernet, tag } from "./stage/traffic/frame.ts";
import { genxml } from "./stage/guest/generate.ts";
import {
  applySite,
  insideOf,
  OVERLAY_NEEDS,
  openOverlay,
  overlaySite,
  pings,
  reaches,
  sendsFrames,
  type StandIn,
  startStandIn,
  underlayAddress,
} from "./stage/hosts/overlay.ts";

const peersOf = (...numbers: readonly number[]) => ({
  peers: numbers.map((number) => underlayAddress("ipv6", number)),
});

/** All have addresses in one network: a frame in a foreign VLAN would be answered. */
const WEB1: StandIn = { name: "web1", mac: "52:54:00:00:20:01", address: "10.0.0.1", nic: { vlan: 20 } };
const WEB2: StandIn = { name: "web2", mac: "52:54:00:00:20:02", address: "10.0.0.2", nic: { vlan: 20 } };
const WEB3: StandIn = { name: "web3", mac: "52:54:00:00:20:04", address: "10.0.0.7", nic: { vlan: 20 } };
const NEAR: StandIn = { name: "near1", mac: "52:54:00:00:20:03", address: "10.0.0.3", nic: { vlan: 20 } };
const DMZ1: StandIn = { name: "dmz1", mac: "52:54:00:00:30:01", address: "10.0.0.4", nic: { vlan: 30 } };
const DMZ2: StandIn = { name: "dmz2", mac: "52:54:00:00:30:02", address: "10.0.0.5", nic: { vlan: 30 } };
const TRUNK: StandIn = {
  ...{ name: "fw1", mac: "52:54:00:00:40:01", address: "10.0.0.6" },
  nic: { trunk: [20, 30] },
};

describeInLab("a VLAN between hosts over VXLAN", OVERLAY_NEEDS, () => {
  let lab: Lab;
  let h1: Machine;
  let h2: Machine;
  let h3: Machine;

  const underlay = (during: () => Promise<unknown>) => capture(h2, "up0", "-t udp", during);

  beforeAll(async () => {
    ({ lab, h1, h2, h3 } = await openOverlay(OVERLAY_NEEDS));
    await applySite(h1, overlaySite(1, peersOf(2)));
    await applySite(h2, overlaySite(2, peersOf(1)));
    for (const guest of [WEB1, NEAR, DMZ1, TRUNK]) await startStandIn(h1, guest);
    for (const guest of [WEB2, DMZ2]) await startStandIn(h2, guest);
  });
  afterAll(async () => {
    await lab.close();
  });

  test("its guests reach each other, and a VLAN without VNI stays on its host", async () => {
    const lines = await underlay(async () => {
      await reaches(h1, WEB1, WEB2.address);
      expect(await pings(h1, DMZ1, DMZ2.address)).toBe(false);
      expect(await pings(h1, DMZ1, WEB2.address)).toBe(false);
      expect(await pings(h1, WEB1, DMZ2.address)).toBe(false);
    });
    expect(insideOf(lines)).toEqual([`1020 ${WEB1.mac}`, `1020 ${WEB2.mac}`]);
    // The underlay has IPv6 and no tag, and nothing of the overlay but VXLAN's port.
    const outer = lines.filter((line) => line.includes("VXLAN"));
    expect(outer.every((line) => line.includes("ethertype IPv6") && line.includes(".4789: "))).toBe(true);
    expect(lines.join("\n")).not.toMatch(/vlan \d+/);
  });

  test("a frame without a tag does not travel, and one with the tag of another VLAN neither", async () => {
    const asks = (last: number) => arp(1, TRUNK.mac, "10.99.0.1", `10.99.0.${String(last)}`);
    const frames = [asks(0), tag(20, asks(20)), tag(30, asks(30))].map((one) => ethernet(TRUNK.mac, one));
    const lines = await underlay(() => sendsFrames(h1, TRUNK, frames));
    expect([...lines.join("\n").matchAll(/who-has 10\.99\.0\.(\d+) /g)].map(([, last]) => last)).toEqual([
      "20",
    ]);
  });

  test("a frame of full size passes, and genxml refuses an underlay that is too small for it", async () => {
    await reaches(h1, WEB1, WEB2.address, "-M do -s 1472");
    const folder = mkdtempSync(join(tmpdir(), "guestnet-vxlan-"));
    const guest = {
      name: "web1",
      memory: "1 GiB",
      interfaces: [{ type: "bridge", bridge: "br0", vlan: 20 }],
    };
    writeFileSync(join(folder, "web1.json"), JSON.stringify(guest));
    const check = (mtu: number) => {
      writeFileSync(join(folder, "host.json"), JSON.stringify(overlaySite(1, peersOf(2), mtu)));
      return genxml(["check", folder]);
    };
    const refused = check(1569);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(
      "MTU 1500 and 70 bytes of VXLAN exceed MTU 1569 of up0: set at most 1499 here, or at least 1570 at interfaces.up0.mtu [mtu]",
    );
    expect(check(1570).status).toBe(0);
    rmSync(folder, { recursive: true });
  });

  test("while a host is down, guests on the others reach each other; when it is back, they reach all", async () => {
    await h2.sh("ip link set up0 down");
    expect(await pings(h1, WEB1, WEB2.address)).toBe(false);
    await reaches(h1, WEB1, NEAR.address);
    // The address of the underlay went with the link: the script makes it anew, and nothing twice.
    await applySite(h2, overlaySite(2, peersOf(1)));
    await reaches(h1, WEB1, WEB2.address);
  });

  test("a host that host.json has no longer gets no frame, and its own arrive until it is told as well", async () => {
    const seen = async (peers: object) => {
      await applySite(h1, overlaySite(1, peers));
      await h1.sh("echo 1 >/sys/class/net/vxlan0/brport/flush");
      return insideOf(await underlay(() => pings(h1, WEB1, WEB2.address)));
    };
    // The second host's guest looks for its neighbours meanwhile.
    const sent = async (peers: object) => (await seen(peers)).filter((line) => !line.endsWith(WEB2.mac));
    expect(await sent(peersOf(3))).toEqual([]);
    expect(await sent({ peers: [] })).toEqual([]);
    expect(await h1.sh("bridge fdb show dev vxlan0 | grep '^00:00:00:00:00:00' || true")).toBe("");
    expect(insideOf(await underlay(() => pings(h2, WEB2, WEB1.address)))).toEqual([`1020 ${WEB2.mac}`]);
    expect(await seen(peersOf(2))).toEqual([`1020 ${WEB1.mac}`, `1020 ${WEB2.mac}`]);
  });

  test("a VNI that host.json has no longer is gone when the script runs again, with its VLAN and its peers", async () => {
    const state = () =>
      h1.sh(
        "bridge vlan show dev vxlan0; bridge vlan tunnelshow dev vxlan0; bridge vni show dev vxlan0; bridge fdb show dev vxlan0 | grep ^00:00 | sort",
      );
    const made = (vnis: object) => applySite(h1, overlaySite(1, { ...peersOf(2), vnis }));
    await made({ servers: 1020 });
    const before = await state();
    await made({ servers: 1020, dmz: 1030, 41: 1041 });
    expect(await state()).toMatch(/ 1030\b[^]*src_vni 1041 /);
    await made({ servers: 1020 });
    expect(await state()).toBe(before);
    await made({ servers: 1021 });
    expect(await state()).toBe(before.replaceAll("1020", "1021"));
    await made({ servers: 1020 });
  });

  test("three hosts that name each other are one VLAN, in which each gets a frame to all once", async () => {
    await applySite(h1, overlaySite(1, peersOf(2, 3)));
    await applySite(h2, overlaySite(2, peersOf(1, 3)));
    await applySite(h3, overlaySite(3, peersOf(1, 2)));
    await startStandIn(h3, WEB3);
    for (const other of [WEB1, WEB2]) await reaches(h3, WEB3, other.address);
    const toAll = [ethernet(WEB1.mac, arp(1, WEB1.mac, WEB1.address, "10.99.0.3"))];
    for (const [host, tap] of [
      [h2, "web2-0"],
      [h3, "web3-0"],
    ] as const) {
      const lines = await capture(host, tap, "arp", () => sendsFrames(h1, WEB1, toAll));
      expect(lines.filter((line) => line.includes("who-has 10.99.0.3 "))).toHaveLength(1);
    }
    // The third leaves the file of the first: the second still has it.
    await applySite(h1, overlaySite(1, peersOf(2)));
    await h1.sh("echo 1 >/sys/class/net/vxlan0/brport/flush");
    const seen = await capture(h3, "up0", "-t udp", () => pings(h1, WEB1, WEB3.address));
    expect(insideOf(seen)).not.toContain(`1020 ${WEB1.mac}`);
    await reaches(h2, WEB2, WEB3.address);
  });
});
