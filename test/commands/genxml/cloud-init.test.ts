import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runProgram } from "../../support/run-program.ts";

const GENXML = resolve("dist/genxml.js");
const ROUTED = { type: "routed", addresses: ["2001:db8:0:1::53"] };
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-cloud-init-"));
  mkdirSync(join(folder, "guests"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const write = (file: string, more: object = {}): void => {
  const profile = { name: "dns1", memory: "1 GiB", interfaces: [ROUTED], ...more };
  writeFileSync(join(folder, file), JSON.stringify(profile));
};
const cloudInit = (args: readonly string[], env: NodeJS.ProcessEnv = process.env) => {
  return runProgram(process.execPath, [GENXML, "cloud-init", ...args], {
    cwd: folder,
    env,
  });
};

test("user-data is found beside the profile and passed through byte for byte", () => {
  const bytes = Buffer.from([...Buffer.from("#!/bin/sh\r\n"), 0, 0xff, 0xfe, 10, 10]);
  writeFileSync(join(folder, "guests", "first-boot"), bytes);
  write("guests/a.json", { cloudInit: { userData: "first-boot" } });
  expect(cloudInit(["guests/a.json", "-o", "a"])).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(readdirSync(join(folder, "a")).sort()).toEqual(["meta-data", "network-config", "user-data"]);
  expect(readFileSync(join(folder, "a", "user-data"))).toEqual(bytes);
});

test("user-data that is not there is an error, and nothing is written", () => {
  write("b.json", { cloudInit: { userData: "none" } });
  const { status, stderr } = cloudInit(["b.json", "-o", "b"]);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `genxml: error: cannot read ${join(folder, "none")}: no such file or directory\nhint: ls -l ${folder}\n`,
  });
  expect(readdirSync(folder)).not.toContain("b");
});

test("user-data that cloud-init would pass over is written, with a warning", () => {
  writeFileSync(join(folder, "packages"), "packages: [nginx]\n");
  write("c.json", { cloudInit: { userData: "packages" } });
  const { status, stderr } = cloudInit(["c.json", "-o", "c"]);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^c\.json: warning: cloudInit\.userData: .*#cloud-config/);
});

test("without addresses there is no network-config, not even an earlier one", () => {
  write("d.json");
  expect(cloudInit(["d.json", "-o", "d"]).status).toBe(0);
  write("d.json", { interfaces: [{ type: "bridge", bridge: "br0", vlan: 20 }] });
  expect(cloudInit(["d.json", "-o", "d"]).status).toBe(0);
  expect(readdirSync(join(folder, "d")).sort()).toEqual(["meta-data", "user-data"]);
  const { status, stderr } = cloudInit(["d.json", "-o", "d2", "--format", "networkd"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/at least one must have "addresses"/);
});

test("without a tool there is no seed, and the package is named", () => {
  write("e.json");
  const { status, stderr } = cloudInit(["e.json", "--iso", "seed.iso"], { PATH: "/nowhere" });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr:
      "genxml: error: cannot write seed.iso: neither genisoimage nor xorriso nor mkisofs is installed\nhint: apt install genisoimage\n",
  });
  expect(readdirSync(folder).filter((name) => name.includes("seed.iso"))).toEqual([]);
});

const PASSED = { type: "hostdev", source: "0000:07:10.0", mac: "52:54:00:00:00:01", addresses: "dhcp" };

test("FreeBSD has no name for a passed-through function, OpenBSD finds it by its MAC address", () => {
  write("f.json", { interfaces: [ROUTED, PASSED] });
  const { status, stderr } = cloudInit(["f.json", "-o", "f", "--format", "freebsd"]);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr:
      "f.json: error: interfaces[1]: must be an emulated NIC: the driver of any other names it, found none [wrong-choice]\n",
  });
  expect(cloudInit(["f.json", "-o", "f", "--format", "openbsd"]).status).toBe(0);
  expect(readdirSync(join(folder, "f")).sort()).toEqual(["hostname.52:54:00:00:00:01", "hostname.vio0"]);
});

test("files that only root may read are not for others", () => {
  write("g.json");
  for (const [format, file] of [
    ["netplan", "50-guest.yaml"],
    ["networkmanager", "eth0.nmconnection"],
  ] as const) {
    expect(cloudInit(["g.json", "-o", "g", "--format", format])).toMatchObject({ status: 0, stderr: "" });
    expect(statSync(join(folder, "g", file)).mode & 0o777).toBe(0o600);
  }
});

test("the seed for Windows runs the script, and a user's own data is not lost silently", () => {
  write("h.json", { cloudInit: { userData: "mine.ps1" } });
  const { status, stderr } = cloudInit(["h.json", "-o", "h", "--format", "windows"]);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^h\.json: warning: cloudInit\.userData: /);
  expect(readdirSync(join(folder, "h")).sort()).toEqual(["meta-data", "network.ps1", "user-data"]);
  const script = readFileSync(join(folder, "h", "network.ps1"), "utf8");
  expect(readFileSync(join(folder, "h", "user-data"), "utf8")).toBe(`#ps1_sysnative\r\n${script}`);
});

describe("wrong use is 64 and says what is right", () => {
  test.each([
    ["nowhere to write to", ["guest.json"], /-o DIR or --iso FILE is required/],
    [
      "a seed of networkd's files",
      ["guest.json", "--iso", "x", "--format", "networkd"],
      /'--iso' cannot be combined/,
    ],
    [
      "an unknown format",
      ["guest.json", "-o", "x", "--format", "nmstate"],
      /networkd, networkmanager, ifupdown/,
    ],
  ])("%s", (_, args, says) => {
    const { status, stdout, stderr } = cloudInit(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(says);
  });
});
