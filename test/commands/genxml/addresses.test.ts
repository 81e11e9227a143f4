import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Genxml, genxmlIn } from "../../support/genxml.ts";

let genxml: Genxml;
beforeAll(() => {
  genxml = genxmlIn();
  const host = {
    name: "kvm1",
    bridges: {
      br0: {
        vlans: { servers: { id: 20, prefixes: ["10.20.0.0/28"], reserved: ["10.20.0.1-10.20.0.3"] } },
        addresses: { servers: { addresses: ["10.20.0.4/28"], gateway: "10.20.0.1" } },
      },
    },
    routed: {
      prefixes: ["2001:db8::/48", "192.0.2.64/31", "198.51.100.7/32", "2001:db8:2::8/127"],
    },
  };
  genxml.write("site/host.json", JSON.stringify(host));
  // Another host's network, inside one of this host's.
  genxml.write("more/host.json", '{ "routed": { "prefixes": ["2001:db8:0:1::/64"] } }');
  const guest = (name: string, ...interfaces: readonly object[]): void => {
    genxml.write(`site/${name}.json`, JSON.stringify({ name, memory: "1 GiB", interfaces }));
  };
  guest(
    "web1",
    { type: "bridge", bridge: "br0", vlan: "servers", addresses: ["10.20.0.5/28"], gateway: "10.20.0.1" },
    { type: "routed", addresses: ["192.0.2.64", "2001:db8:0:1::5", "203.0.113.9"] },
  );
  guest("vpn", { type: "routed", addresses: ["2001:db8:0:1::6"], prefixes: ["2001:db8::/64"] });
  guest("any1", { type: "routed", addresses: ["198.51.100.7"], anycast: true });
  guest("any2", { type: "routed", addresses: ["198.51.100.7"], anycast: true });
  guest("lost", { type: "routed", addresses: ["10.20.0.9"] });
});
afterAll(() => {
  genxml.remove();
});
const addresses = (...args: readonly string[]) => genxml.run(["addresses", "site", "more", ...args]);

test("the plan: each network with its counts, who has what, and what is outside", () => {
  expect(addresses()).toEqual({
    status: 0,
    stderr: "",
    stdout: [
      "10.20.0.0/28  VLAN 20 of br0 (servers): 4 used, 8 free, next 10.20.0.6",
      "  10.20.0.1-10.20.0.3  reserved",
      "  10.20.0.1            gateway",
      "  10.20.0.4            host kvm1  br0.20",
      "  10.20.0.5            web1       web1-0",
      "  10.20.0.9            lost       lost-0    routed",
      "",
      "192.0.2.64/31  routed: 1 used, 1 free, next 192.0.2.65",
      "  192.0.2.64  web1  web1-1",
      "",
      "198.51.100.7/32  routed: 1 used, 0 free",
      "  198.51.100.7  any1  any1-0  anycast",
      "  198.51.100.7  any2  any2-0  anycast",
      "",
      "2001:db8::/48  routed: 1.8e19 used, 1.2e24 free, next 2001:db8:0:2::, 65534 networks of /64 free, next 2001:db8:0:2::/64",
      "  2001:db8:0:1::/64  network of its own",
      "  2001:db8::/64      vpn                 vpn-0",
      "",
      "2001:db8:0:1::/64  routed: 2 used, 1.8e19 free, next 2001:db8:0:1::1",
      "  2001:db8:0:1::5  web1  web1-1",
      "  2001:db8:0:1::6  vpn   vpn-0",
      "",
      "2001:db8:2::8/127  routed: 0 used, 2 free, next 2001:db8:2::8",
      "",
      "outside of every network",
      "  203.0.113.9  web1  web1-1    routed",
      "",
    ].join("\n"),
  });
});

test("the plan as JSON, which --json is as well", () => {
  const { stdout } = addresses("--json");
  expect(addresses("--format", "json").stdout).toBe(stdout);
  expect(JSON.parse(stdout)).toMatchObject({
    prefixes: [
      {
        ...{ prefix: "10.20.0.0/28", family: "ipv4", size: 16, used: 4, free: 8, nextFree: "10.20.0.6" },
        places: [{ kind: "vlan", bridge: "br0", vid: 20, name: "servers" }],
        reserved: [{ first: "10.20.0.1", last: "10.20.0.3" }],
        addresses: [
          { address: "10.20.0.1", kind: "gateway" },
          { address: "10.20.0.4", kind: "host", host: "kvm1", device: "br0.20" },
          { address: "10.20.0.5", kind: "guest", guest: "web1", network: "VLAN 20 of br0", sharing: "own" },
          { address: "10.20.0.9", guest: "lost", network: "routed" },
        ],
      },
      { prefix: "192.0.2.64/31", nextFree: "192.0.2.65" },
      { prefix: "198.51.100.7/32", free: 0, nextFree: null },
      {
        ...{ prefix: "2001:db8::/48", within: null, inner: ["2001:db8:0:1::/64"] },
        ...{ freeNetworks: 65534, nextFreeNetwork: "2001:db8:0:2::/64" },
        delegated: [{ prefix: "2001:db8::/64", guest: "vpn" }],
      },
      { prefix: "2001:db8:0:1::/64", within: "2001:db8::/48", freeNetworks: null },
      { prefix: "2001:db8:2::8/127", free: 2 },
    ],
    outside: [{ address: "203.0.113.9", guest: "web1" }],
    guests: [{ name: "any1" }, { name: "any2" }, { name: "lost" }, { name: "vpn" }, { name: "web1" }],
  });
});

test("a directory with a host.json and no profile has a plan", () => {
  genxml.write("empty/host.json", '{ "routed": { "prefixes": ["192.0.2.0/24"] } }');
  expect(genxml.run(["addresses", "empty"])).toMatchObject({
    status: 0,
    stdout: "192.0.2.0/24  routed: 0 used, 254 free, next 192.0.2.1\n",
  });
});

test("a profile with errors is reported, and the others are shown", () => {
  genxml.write("bad/a.json", '{ "name": "a", "memory": "1 GiB" }');
  genxml.write("bad/b.json", '{ "name": "b" }');
  const { status, stdout, stderr } = genxml.run(["addresses", "bad", "--json"]);
  expect([status, stderr]).toEqual([
    1,
    "bad/b.json:1:1: error: memory: required key is missing [missing-key]\n",
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ guests: [{ name: "a" }] });
});

describe("for other programs", () => {
  test("hosts: the name with its domain and the short one", () => {
    expect(addresses("--format", "hosts", "--domain", "example.org").stdout.split("\n")).toContain(
      "10.20.0.5\tweb1.example.org web1",
    );
  });

  test("reverse: zones by the networks, and a /31 in its own zone with --classless", () => {
    const zones = addresses("--format", "reverse", "--domain", "example.org").stdout;
    expect(zones).toContain("$ORIGIN 2.0.192.in-addr.arpa.\n64\tIN\tPTR\tweb1.example.org.\n");
    expect(zones).toContain(
      "$ORIGIN 1.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.\n5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0\tIN\tPTR\tweb1.example.org.\n",
    );
    expect(addresses("--format", "reverse", "--classless").stdout).toContain(
      "$ORIGIN 64/31.2.0.192.in-addr.arpa.\n; in 2.0.192.in-addr.arpa:\n; 64\tIN\tCNAME\t64.64/31\n64\tIN\tPTR\tweb1.\n",
    );
  });

  test("ansible: YAML 1.1, which has booleans and numbers that look like other words", () => {
    const mac = "52:54:00:11:22:33";
    const nic = { type: "bridge", bridge: "br0", vlan: 20, mac };
    genxml.write("yaml/a.json", JSON.stringify({ name: "a", memory: "1 GiB", interfaces: [nic] }));
    const { stdout } = genxml.run(["addresses", "yaml", "--format", "ansible"]);
    expect(parse(stdout, { version: "1.1" })).toMatchObject({
      all: {
        hosts: { a: { guestnet_nics: [{ mac, on: "br0" }] } },
        children: { on_br0: { hosts: { a: null } } },
      },
    });
  });

  test("ansible: a guest that is called like a group of every inventory has another name there", () => {
    const nic = { type: "routed", addresses: ["192.0.2.1"] };
    genxml.write("groups/a.json", JSON.stringify({ name: "all", memory: "1 GiB", interfaces: [nic] }));
    const { stdout } = genxml.run(["addresses", "groups", "--format", "ansible"]);
    expect(parse(stdout, { version: "1.1" })).toMatchObject({
      all: {
        hosts: { guest_all: { ansible_host: "192.0.2.1", guestnet_name: "all" } },
        children: { type_routed: { hosts: { guest_all: null } } },
      },
    });
  });

  test("ansible: guests of one hostname are told apart", () => {
    for (const [file, name] of Object.entries({ a: "###", b: "***", c: "почта" }))
      genxml.write(`alike/${file}.json`, JSON.stringify({ name, memory: "1 GiB" }));
    const { stdout } = genxml.run(["addresses", "alike", "--format", "ansible"]);
    expect(parse(stdout, { version: "1.1" })).toMatchObject({
      all: {
        hosts: {
          guest: { guestnet_name: "###" },
          guest_2: { guestnet_name: "***" },
          "xn--80a1acny": { guestnet_name: "почта" },
        },
      },
    });
  });

  test("ansible: a name is data, and no template", () => {
    genxml.write("unsafe/a.json", JSON.stringify({ name: "{{ lookup('pipe', 'id') }}", memory: "1 GiB" }));
    const { stdout } = genxml.run(["addresses", "unsafe", "--format", "ansible"]);
    expect(stdout).toContain(`guestnet_name: !unsafe "{{ lookup('pipe', 'id') }}"\n`);
  });

  test("dnsmasq: a name that is a lease time or a keyword there is in its records only", () => {
    const names = ["12h", "45", "ignore", "Infinite", "12hours"];
    names.forEach((name, at) => {
      const nic = { type: "bridge", bridge: "br0", vlan: 20, addresses: [`10.0.0.${at + 1}/24`] };
      genxml.write(`lease/${at}.json`, JSON.stringify({ name, memory: "1 GiB", interfaces: [nic] }));
    });
    const { stdout } = genxml.run(["addresses", "lease", "--format", "dnsmasq"]);
    for (const name of names) expect(stdout).toContain(`host-record=${name},10.0.0.`);
    expect(stdout.match(/^dhcp-host=.*$/gm)?.map((line) => line.split(",").slice(2))).toEqual([
      ...[[], [], [], [], ["12hours"]],
    ]);
  });

  test("-o makes a file, or a directory with a file for each zone or table", () => {
    expect(addresses("--format", "reverse", "-o", "zones/")).toMatchObject({ status: 0, stdout: "" });
    expect(readdirSync(join(genxml.folder, "zones"))).toContain("2.0.192.in-addr.arpa");
    addresses("--format", "netbox", "-o", "tables");
    expect(readdirSync(join(genxml.folder, "tables")).sort()).toEqual([
      ...["interfaces.csv", "ip-addresses.csv", "mac-addresses.csv", "virtual-machines.csv"],
    ]);
  });

  test("two guests with one name in DNS are a warning", () => {
    for (const name of ["a_b", "a-b"])
      genxml.write(`same/${name}.json`, JSON.stringify({ name, memory: "1 GiB" }));
    const run = (...more: readonly string[]) =>
      genxml.run(["addresses", "same", "--format", "zone", ...more]);
    expect(run()).toMatchObject({
      status: 0,
      stderr:
        'warning: guests a-b and a_b are both a-b in DNS: set "hostname" of "cloudInit" in one of them\n',
    });
    expect(run("--strict").status).toBe(1);
  });
});
