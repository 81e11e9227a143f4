import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Genxml, genxmlIn } from "../../support/genxml.ts";

const HOST = {
  name: "kvm1",
  bridges: {
    br0: {
      uplinks: ["eno1"],
      vlans: {
        servers: { id: 20, prefixes: ["10.20.0.0/24"], reserved: ["10.20.0.1-10.20.0.9"] },
        dmz: 30,
      },
      addresses: { servers: { addresses: ["10.20.0.10/24"] } },
    },
  },
  routed: {
    uplinks: ["enp2s0"],
    prefixes: ["2001:db8:1::/64", "192.0.2.64/29", "2001:db8:f000::/48"],
    reserved: ["2001:db8:1::/124"],
  },
};

let genxml: Genxml;
beforeEach(() => {
  genxml = genxmlIn();
  genxml.write("host.json", JSON.stringify(HOST));
  // Another host's network, inside one of this host's.
  genxml.write("more/host.json", '{ "routed": { "prefixes": ["2001:db8:f000::/64"] } }');
});
afterEach(() => {
  genxml.remove();
});

const guest = (name: string, ...interfaces: readonly object[]): string =>
  JSON.stringify({ name, memory: "1 GiB", interfaces });
const write = (name: string, ...interfaces: readonly object[]): void => {
  genxml.write(`${name}.json`, guest(name, ...interfaces));
};
const read = (file: string): string => readFileSync(join(genxml.folder, file), "utf8");
const nics = (name: string): unknown =>
  (JSON.parse(read(`${name}.json`)) as { interfaces: unknown }).interfaces;
const assign = (...args: readonly string[]) => genxml.run(["addresses", "assign", ...args]);
const ROUTED = { type: "routed" };

test("a routed NIC without addresses gets the next free one of each family, in order", () => {
  write("a", ROUTED);
  write("b", { ...ROUTED, addresses: [] });
  write("c", { ...ROUTED, addresses: ["2001:db8:1::10", "192.0.2.66"] });
  expect(assign("a.json", "b.json", "c.json")).toEqual({
    status: 0,
    stdout: "",
    stderr:
      "a.json: interfaces[0]: 2001:db8:1::11, 192.0.2.65\nb.json: interfaces[0]: 2001:db8:1::12, 192.0.2.67\n",
  });
  expect(nics("b")).toEqual([{ type: "routed", addresses: ["2001:db8:1::12", "192.0.2.67"] }]);
  expect(genxml.run(["check", "."]).status).toBe(0);
  expect(assign("a.json")).toMatchObject({ status: 0, stderr: "no interface lacks addresses\n" });
});

test("check says what fills addresses that are missing", () => {
  write("a", ROUTED, { ...ROUTED, addresses: [] });
  const lines = genxml.run(["check", "a.json"]).stderr.split("\n");
  for (const line of lines.slice(0, 2)) expect(line).toContain('or run "genxml addresses assign"');
});

test("comments, layout and the rest of the file stay", () => {
  const text = [
    "{",
    '\t"name": "a", "memory": "1 GiB", // small',
    '\t"interfaces": [',
    "\t\t{",
    '\t\t\t"type": "routed", /* the tap',
    "\t\t\t of the guest */",
    "\t\t\t// the uplink",
    '\t\t\t"proxy": ["enp2s0"],',
    "\t\t},",
    '\t\t{ "type": "routed" },',
    '\t\t{ "type": "routed" // the last',
    "\t\t},",
    "\t],",
    "}",
    "",
  ];
  genxml.write("a.json", text.join("\r\n"));
  expect(assign("a.json").status).toBe(0);
  const expected = text.toSpliced(6, 0, '\t\t\t"addresses": ["2001:db8:1::10", "192.0.2.65"],');
  expected[10] = '\t\t{ "type": "routed", "addresses": ["2001:db8:1::11", "192.0.2.66"] },';
  expected[11] = '\t\t{ "type": "routed", // the last';
  expected.splice(12, 0, '\t\t  "addresses": ["2001:db8:1::12", "192.0.2.67"]');
  expect(read("a.json").split("\r\n")).toEqual(expected);
});

test("a profile beside it that has errors keeps its addresses all the same", () => {
  write("a", ROUTED);
  genxml.write(
    "b.json",
    '{ "interfaces": [{ "type": "routed", "addresses": ["192.0.2.65/32", "2001:DB8:1::10"] }] }',
  );
  genxml.write("other/c.json", guest("c", { ...ROUTED, addresses: ["192.0.2.66"] }));
  assign("a.json", "--among", "other");
  expect(nics("a")).toEqual([{ type: "routed", addresses: ["2001:db8:1::11", "192.0.2.67"] }]);
});

describe("all or nothing", () => {
  test("a network that is full: nothing is written, and the message names it", () => {
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) write(name, ROUTED);
    const before = read("a.json");
    const { status, stderr } = assign(".");
    expect([status, stderr]).toEqual([
      1,
      "g.json:1:44: error: interfaces[0]: cannot be given an address: none is free in 192.0.2.64/29 [prefix]\n",
    ]);
    expect(read("a.json")).toBe(before);
  });

  test("a profile that has other errors", () => {
    write("a", ROUTED);
    write("b", { ...ROUTED, mtu: "big" });
    const before = read("a.json");
    expect(assign("a.json", "b.json")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("interfaces[0].mtu"),
    });
    expect(read("a.json")).toBe(before);
  });

  test("a file beside it that cannot be read", () => {
    write("a", ROUTED);
    genxml.write("b.json", "{ ");
    expect(assign("a.json").status).toBe(1);
    expect(nics("a")).toEqual([ROUTED]);
  });

  test("--dry-run shows what it would write", () => {
    write("a", ROUTED);
    expect(JSON.parse(assign("a.json", "--dry-run", "--json").stdout)).toEqual({
      written: false,
      assigned: [{ file: "a.json", interface: 0, addresses: ["2001:db8:1::10", "192.0.2.65"], prefixes: [] }],
    });
    expect(nics("a")).toEqual([ROUTED]);
  });
});

test("a file keeps its mode", () => {
  write("a", ROUTED);
  const path = join(genxml.folder, "a.json");
  const before = statSync(path).mode;
  assign("a.json");
  expect(statSync(path).mode).toBe(before);
});

describe("--prefix", () => {
  test("adds a network, and the addresses that it is routed by; a network of the plan inside is not one", () => {
    write("a", ROUTED);
    write("b", { ...ROUTED, addresses: ["2001:db8:1::10"] });
    assign("a.json", "b.json", "--prefix", "64", "--from", "2001:db8:f000::/48", "--among", "more");
    expect(nics("a")).toEqual([
      { type: "routed", addresses: ["2001:db8:1::11", "192.0.2.65"], prefixes: ["2001:db8:f000:1::/64"] },
    ]);
    expect(nics("b")).toEqual([
      { type: "routed", addresses: ["2001:db8:1::10"], prefixes: ["2001:db8:f000:2::/64"] },
    ]);
  });

  test("without --from takes the first network that has one", () => {
    write("a", ROUTED);
    expect(assign("a.json", "--prefix", "80").stderr).toContain("2001:db8:1:0:1::/80");
  });

  test("longer than the family is an error", () => {
    write("a", ROUTED);
    expect(assign("a.json", "--prefix", "64", "--from", "192.0.2.64/29")).toMatchObject({ status: 1 });
  });
});

describe("--from", () => {
  test("takes from a part of a network", () => {
    write("a", ROUTED);
    assign("a.json", "--from", "2001:db8:1::ff00/120");
    expect(nics("a")).toEqual([{ type: "routed", addresses: ["2001:db8:1::ff01"] }]);
  });

  test("must be in a network of host.json", () => {
    write("a", ROUTED);
    expect(assign("a.json", "--from", "198.51.100.0/24")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("must be in one of routed.prefixes of host.json"),
    });
  });

  test("with host bits is a usage error", () => {
    expect(assign("a.json", "--from", "192.0.2.65/29")).toMatchObject({ status: 64 });
  });
});

test.each(["", " ", "1e1", "0x1", "-1", "1.5"])("the number %j is a usage error", (number) => {
  for (const option of ["--nic", "--prefix"])
    expect(assign("a.json", `${option}=${number}`)).toMatchObject({ status: 64 });
});

describe("--nic", () => {
  const PORT = { type: "bridge", bridge: "br0", vlan: "servers" };
  test("a bridge port gets an address of its VLAN with its length, when it is named, and never by itself", () => {
    write("a", PORT);
    expect(assign("a.json").stderr).toBe("no interface lacks addresses\n");
    assign("a.json", "--nic", "0");
    expect(nics("a")).toEqual([{ ...PORT, addresses: ["10.20.0.11/24"] }]);
  });

  test.each([
    ["a VLAN without prefixes", { ...PORT, vlan: "dmz" }, "found none"],
    ["a NIC with DHCP", { ...PORT, addresses: "dhcp" }, "must be a list"],
  ])("%s is an error", (_, nic, message) => {
    write("a", nic);
    expect(assign("a.json", "--nic", "0")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(message),
    });
  });

  test("an interface that is not there is an error", () => {
    write("a", PORT);
    expect(assign("a.json", "--nic", "1")).toMatchObject({ status: 1 });
  });
});

test("without a host.json there is nothing to assign from", () => {
  genxml.write("b/a.json", guest("a", ROUTED));
  expect(assign("b/a.json")).toMatchObject({ status: 1, stderr: expect.stringContaining("--site") });
});

test("two branches that assign the same address: check names the clash", () => {
  write("a", ROUTED);
  assign("a.json");
  genxml.write("b.json", read("a.json").replace('"name":"a"', '"name":"b"'));
  expect(genxml.run(["check", "."])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('2001:db8:1::10 is also used by guest "b"'),
  });
});
