import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { commandsOf } from "../../src/host-trial/managers.ts";
import type { PlanThere } from "../../src/host-trial/there/plan-script.ts";
import { recordFiles } from "../../src/host-trial/there/scripts.ts";
import { runProgram } from "../support/run-program.ts";
import { described } from "./live-hosts.ts";

const ODD = "/etc/it's $(touch /tmp/never) `x`";
const { live, network } = described("vlan-aware");
const FILES = [
  { path: "/etc/unit", existed: false, next: { text: "unit\n", mode: 0o644 }, temporary: true },
  { path: "/etc/wants", existed: false, next: { target: "../unit" }, temporary: true },
  { path: ODD, existed: true, next: { text: "new", mode: 0o600 }, temporary: false },
  { path: "/etc/old", existed: true, next: null, temporary: false },
];
const PLAN: PlanThere = {
  record: {
    ...{ id: "1", format: "networkd", site: "{}", timeout: 60, uri: "qemu:///system", boot: "one" },
    ...{ files: FILES, session: { pid: 7, startedAt: "8" }, before: {}, wrongBefore: [] },
    sysctls: { "net/ipv4/ip_forward": "0" },
  },
  commands: commandsOf("networkd", network, []),
  ...{ network, before: live, taps: ["web1-0"] },
};

/** Prints each of its words in brackets, whatever the plan has it for. */
const SPY = `show() { printf '[%s]' "$@"; echo; }
for name in put put_link put_back put_away attempt setting rm ip is_still; do eval "$name() { show $name \\"\\$@\\"; }"; done`;

describe("the scripts of a trial on another host", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "guestnet-plan-"));
    for (const [name, text] of recordFiles(PLAN)) writeFileSync(join(folder, name), text);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const run = (script: string): string => {
    const ran = runProgram("sh", ["-euc", script], { cwd: folder });
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    return ran.stdout;
  };
  const called = (name: string): string => run(`${SPY}\n. ./plan.sh\n${name}`);

  test("are those of a POSIX shell", () => {
    for (const name of ["plan", "look", "restore", "trial"]) expect(run(`sh -n ./${name}.sh`)).toBe("");
  });

  test("hold names as words, whatever is in them", () => {
    expect(called("write_files").split("\n")).toEqual([
      "[put][0][644][/etc/unit]",
      "[put_link][../unit][/etc/wants]",
      `[put][2][600][${ODD}]`,
      "[rm][-f][--][/etc/old]",
      "",
    ]);
  });

  test("put back in the other order, and forget what was there for the trial alone", () => {
    expect(called("restore_files").split("\n").slice(0, 3)).toEqual([
      "[put_back][3][/etc/old]",
      `[put_back][2][${ODD}]`,
      "[put_away][/etc/wants]",
    ]);
    expect(called("forget")).toBe("[rm][-f][--][/etc/unit]\n[rm][-f][--][/etc/wants]\n");
    expect(called("restore_settings")).toBe("[setting][net/ipv4/ip_forward][0]\n");
    expect(called("apply")).toContain("[attempt][systemctl][restart][systemd-networkd]\n");
  });

  /** What is missing and what is unexpected in the lines that are there now. */
  const compared = (before: readonly string[], now: readonly string[]): readonly string[] => {
    writeFileSync(join(folder, "state"), before.map((line) => `${line}\n`).join(""));
    writeFileSync(join(folder, "found"), now.map((line) => `${line}\n`).join(""));
    const look = "work=.; . ./plan.sh; . ./look.sh; look() { cat found; }";
    return run(`${look}; compare "br0 vxlan0" || true; sed "s/^/-/" missing; sed "s/^/+/" extra`)
      .split("\n")
      .slice(0, -1);
  };

  test("take an address with another broadcast or scope as the same, but not one with another length", () => {
    const before = ["br0 link - 1500 x up", "br0 address 192.0.2.10/24 - 192.0.2.255 global"];
    expect(compared(before, ["br0 link - 1500 x up", "br0 address 192.0.2.10/24 - - global"])).toEqual([]);
    expect(compared(before, ["br0 link - 1500 x up", "br0 address 192.0.2.10/24 - - link"])).toEqual([]);
    expect(compared(before, ["br0 link - 1400 x up", "br0 address 192.0.2.10/25 - - global"])).toEqual([
      ...before.map((line) => `-${line}`),
      ...["+br0 link - 1400 x up", "+br0 address 192.0.2.10/25 - - global"],
    ]);
  });

  test("take peers of the tried host.json as the trial's, and no others", () => {
    expect(run('. ./plan.sh; echo "$tried_peers"')).toBe("vxlan0/2001:db8:ffff::12\n");
    const peers = ["2", "12", "120"].map((last) => `vxlan0 peer 2001:db8:ffff::${last} 1020`);
    expect(compared([], ["vxlan0 link br0 1500 x up", ...peers])).toEqual([
      "+vxlan0 link br0 1500 x up",
      "+vxlan0 peer 2001:db8:ffff::12 1020",
    ]);
    expect(compared(peers, ["vxlan0 link br0 1500 x up"])).toEqual(
      expect.arrayContaining(peers.map((line) => `-${line}`)),
    );
  });

  test("know the devices from masters to ports, and keep guests' taps apart", () => {
    const shown = run('. ./plan.sh; printf "%s\\n" "$devices" "$bridges" "$taps" "$session_pid" "$new"');
    const [devices = "", bridges = "", taps, pid, fresh] = shown.split("\n");
    const order = devices.split(" ");
    expect(order).toEqual(expect.arrayContaining(bridges.split(" ")));
    const masters = new Set(live.links.map(({ master }) => master));
    const ports = live.links.filter(
      ({ name, master }) => order.includes(master ?? "") && order.includes(name),
    );
    for (const { name, master } of ports.filter((port) => !masters.has(port.name)))
      expect(order.indexOf(name)).toBeGreaterThan(order.indexOf(master ?? ""));
    expect(ports.length).toBeGreaterThan(1);
    expect([taps, pid, fresh]).toEqual(["web1-0", "7", ""]);
  });
});
