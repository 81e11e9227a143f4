import { expect, test } from "@jest/globals";
import type { Host } from "../../../../src/kernel/host.ts";
import { observeSysctls } from "../../../../src/kernel/facts/tap/sysctl.ts";

const host = (settings: Readonly<Record<string, string>>): Host => ({
  run: () => Promise.reject(new Error("no process is needed for a setting")),
  readFile: () => null,
  exists: () => false,
  readSysctl: (name) => settings[name] ?? null,
  writeSysctl: () => {
    throw new Error("looking changes nothing");
  },
  writeSysfs: () => {
    throw new Error("looking changes nothing");
  },
});

test("reads what is there", () => {
  expect(observeSysctls(host({ "net/ipv4/ip_forward": "1" }), ["net/ipv4/ip_forward"])).toEqual([
    { kind: "sysctl", name: "net/ipv4/ip_forward", value: "1" },
  ]);
});

test("what is not there is no fact", () => {
  expect(observeSysctls(host({}), ["net/ipv4/conf/dns1-0/rp_filter"])).toEqual([]);
});

const NAME = "net/ipv6/conf/db1-0/disable_ipv6";

test("on a kernel without IPv6 it is off on every device", () => {
  expect(observeSysctls(host({}), [NAME])).toEqual([{ kind: "sysctl", name: NAME, value: "1" }]);
});

test("on a kernel with IPv6 a device that is not there has no setting", () => {
  expect(observeSysctls(host({ "net/ipv6/conf/all/disable_ipv6": "0" }), [NAME])).toEqual([]);
});
