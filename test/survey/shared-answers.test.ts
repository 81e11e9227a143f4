import { expect, test } from "@jest/globals";
import type { Host } from "../../src/kernel/host.ts";
import { readTools } from "../../src/kernel/observe/observe.ts";
import { desiredBridgePort } from "../../src/kernel/desired/bridge-port.ts";
import { isBridged } from "../../src/guest/nic.ts";
import { shareAnswers } from "../../src/survey/shared-answers.ts";
import { domainOf, guest } from "../support/profiles.ts";

const LINKS = [
  { ifname: "br0", linkinfo: { info_kind: "bridge", info_data: { vlan_filtering: 1 } } },
  { ifname: "t-0", master: "br0", linkinfo: { info_kind: "tun", info_data: { type: "tap" } } },
  { ifname: "t-1", master: "br0", linkinfo: { info_kind: "tun", info_data: { type: "tap" } } },
];
const VLANS = [
  { ifname: "t-0", vlans: [{ vlan: 20, flags: ["PVID", "Egress Untagged"] }] },
  { ifname: "t-1", vlans: [{ vlan: 30, flags: ["PVID", "Egress Untagged"] }] },
];

/** A host that answers whole questions only, and says what it was asked. */
const wholeHost = (fdbFails = false) => {
  const asked: string[] = [];
  const ANSWERS: Readonly<Record<string, unknown>> = {
    "ip link show": LINKS,
    "bridge vlan show": VLANS,
    "bridge fdb show": [],
    "bridge link show": [],
  };
  const host: Host = {
    readSysctl: () => "1",
    readFile: () => null,
    exists: () => false,
    writeSysctl: () => undefined,
    writeSysfs: () => undefined,
    run: (file, args, stdin = "") => {
      if (file === "nft") {
        asked.push([file, ...args].join(" "));
        return Promise.resolve({ code: 1, stdout: "", stderr: "" });
      }
      const lines = stdin.trimEnd().split("\n");
      asked.push(...lines.map((line) => `${file} ${line}`));
      const failed = lines.flatMap((line, index) => (fdbFails && line === "fdb show" ? [index + 1] : []));
      const good = lines.filter((line) => !(fdbFails && line === "fdb show"));
      return Promise.resolve({
        code: failed.length,
        stdout: good
          .map((line) => JSON.stringify(ANSWERS[`${file} ${line}`] ?? `no answer to ${line}`))
          .join("\n"),
        stderr: failed.map((index) => `Command failed -:${String(index)}`).join("\n"),
      });
    },
  };
  return { host, asked };
};

const nic = (vlan: number) => ({ type: "bridge", bridge: "br0", vlan });
const scopes = domainOf(guest(nic(20), nic(30), nic(40))).nics.flatMap((one) =>
  isBridged(one) ? [desiredBridgePort(one).scope] : [],
);

test("asks each question once for all devices, and sorts the answers by device", async () => {
  const { host, asked } = wholeHost();
  const shared = shareAnswers(host);
  const readings = await Promise.all(scopes.map((scope) => readTools(scope, shared)));
  expect([...asked].sort()).toEqual([
    "bridge fdb show",
    "bridge link show",
    "bridge vlan show",
    "ip link show",
    "nft --json list table bridge guestnet",
  ]);
  expect(
    readings.map(({ bridge }) => bridge.facts.map((fact) => (fact.kind === "port-vlan" ? fact.vid : 0))),
  ).toEqual([[20], [30], []]);
  expect(readings.map(({ ip }) => ip.devices.map(({ name }) => name))).toEqual([
    ["t-0", "br0"],
    ["t-1", "br0"],
    ["br0"],
  ]);
});

test("a question that fails fails for every device, and no other does", async () => {
  const { host } = wholeHost(true);
  const [first] = scopes;
  if (first === undefined) throw new Error("no scope");
  const { bridge } = await readTools(first, shareAnswers(host));
  expect(bridge.facts).toHaveLength(1);
});

test("never changes anything", () => {
  const { host } = wholeHost();
  expect(() => {
    shareAnswers(host).writeSysctl("net/ipv4/ip_forward", "0");
  }).toThrow(/while looking/);
});
