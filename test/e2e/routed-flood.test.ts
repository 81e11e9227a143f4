import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Machine, openLab } from "../lab/lab.ts";
import { arp, ethernet } from "./stage/traffic/frame.ts";
import { bare } from "./stage/guest/generate.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { solicitation } from "./stage/traffic/neighbour-frame.ts";

const NEEDS = ["nft-inet"] as const;
const MAC = "52:54:00:00:00:01";
/** One that the guest has chosen: that of its MAC address is permanent on the tap. */
const LINK_LOCAL = "fe80::a:b:c:1";
const NIC = {
  type: "routed",
  addresses: ["2001:db8::1", "192.0.2.1"],
  prefixes: ["2001:db8:53::/64"],
  mac: MAC,
};

/** Fewer than the kernel's table holds (gc_thresh3), which this machine's network namespaces share. */
const FRAMES = 400;
const LENGTH = 100;
const hex = (number: number): string => (number + 0x100).toString(16);

// The guest's end of the tap is a program that sends as fast as it can: an emulated guest is not that fast.
describeInLab("a routed guest that asks in the name of many addresses", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let folder = "";
  let tap: string;

  /** Sends frames into the tap as QEMU would. @returns the neighbours that the host has made of them there */
  const neighboursAfter = async (frames: readonly (readonly number[])[]): Promise<readonly string[]> => {
    const file = join(folder, "frames");
    const padded = frames.flatMap((frame) => [...frame, ...Array<number>(LENGTH - frame.length).fill(0)]);
    writeFileSync(file, Buffer.from(padded));
    // The tap forgets its neighbours when nobody holds it any more, so they are read before, when all frames have come.
    const text = await host.sh(`
      rm -f /run/looked
      received=/sys/class/net/liar-0/statistics/rx_packets
      all=$(($(cat $received) + ${frames.length}))
      { cat ${file}; until [ -e /run/looked ]; do sleep 0.05; done; } |
        socat -u -b ${LENGTH} - TUN,tun-name=liar-0,tun-type=tap,iff-no-pi &
      until [ $(cat $received) -ge $all ]; do sleep 0.05; done
      ip neigh show dev liar-0 | sed '/PERMANENT/d; s/ .*//'
      touch /run/looked; wait`);
    return text.split("\n").filter((line) => line !== "");
  };
  const asked = (from: (index: number) => string): readonly (readonly number[])[] =>
    Array.from({ length: FRAMES }, (_, index) =>
      ethernet(MAC, solicitation({ from: from(index), to: "fe80::1" }, "fe80::1", MAC), tap),
    );

  const floods = [
    ["link-local ones", () => asked((index) => `fe80::${hex(index)}`), 80],
    ["those of its network", () => asked((index) => `2001:db8:53::${hex(index)}`), 80],
    [
      "any, by ARP",
      () =>
        Array.from({ length: FRAMES }, (_, index) =>
          ethernet(MAC, arp(1, MAC, `10.0.${String(index >> 8)}.${String(index & 255)}`, "169.254.0.1"), tap),
        ),
      0,
    ],
  ] as const;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "guestnet-flood-"));
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    await host.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    await installHook(host);
    const stdin = bare("liar", [NIC]).replaceAll('"', "'");
    const argv = ["/etc/libvirt/hooks/qemu", "liar", "prepare", "begin", "-"];
    expect(await host.run(argv, { stdin })).toMatchObject({ code: 0, stderr: "" });
    tap = (await host.sh("cat /sys/class/net/liar-0/address")).trim();
  });
  afterAll(async () => {
    await lab.close();
    rmSync(folder, { recursive: true });
  });

  test("is heard in its own name", async () => {
    const own = [LINK_LOCAL, ...NIC.addresses.slice(0, 1)].map((from) =>
      ethernet(MAC, solicitation({ from, to: "fe80::1" }, "fe80::1", MAC), tap),
    );
    own.push(ethernet(MAC, arp(1, MAC, "192.0.2.1", "169.254.0.1"), tap));
    const names = [LINK_LOCAL, "2001:db8::1", "192.0.2.1"];
    expect([...(await neighboursAfter(own))].sort()).toEqual(names.sort());
  });

  test.each(floods)("%s: takes few places in the table that all guests share", async (_, frames, most) => {
    await host.sh("nft flush set inet guestnet newcomers");
    expect((await neighboursAfter(frames())).length).toBeLessThanOrEqual(most);
  });

  test("and is heard in its own name all the while", async () => {
    const own = ethernet(MAC, solicitation({ from: LINK_LOCAL, to: "fe80::1" }, "fe80::1", MAC), tap);
    const neighbours = await neighboursAfter([...asked((index) => `fe80::1:${hex(index)}`), own]);
    expect(neighbours).toContain(LINK_LOCAL);
    expect(neighbours.length).toBeLessThanOrEqual(80);
  });

  test("would take all of it without", async () => {
    await host.sh("nft delete table inet guestnet; sysctl -qw net.ipv4.conf.liar-0.arp_filter=0");
    for (const [, frames] of floods) expect(await neighboursAfter(frames())).toHaveLength(FRAMES);
  });
});
