import { expect, test } from "@jest/globals";
import {
  edited,
  guestElement,
  readLibvirtDomain,
  readManagedNic,
  toSetMetadata,
  withNic,
  withoutNic,
  nicsIn,
} from "../../src/hotplug/edit-domain.ts";
import { newNic, parseNewNic } from "../../src/hotplug/new-nic.ts";
import type { Site } from "../../src/guest/site.ts";
import { printXml } from "../../src/xml/print.ts";
import { good } from "../../src/values/result.ts";
import { renderIssue } from "../../src/values/issue.ts";
import { parseSite } from "../../src/site/site.ts";
import { guest, xmlOf } from "../support/profiles.ts";

const ACCESS = { type: "bridge", bridge: "br0", vlan: 20 };
const domain = readLibvirtDomain(xmlOf(guest(ACCESS, { ...ACCESS, tap: "t-2" })));
const readText = (text: string, site: Site | null = null) => {
  const parsed = parseNewNic(text, "t", site);
  return parsed.ok ? good(newNic(parsed.value, domain)) : parsed;
};
const read = (nic: unknown) => readText(JSON.stringify(nic));

test("what is left out is derived from the NIC's number in the guest", () => {
  const fresh = read({ ...ACCESS, vlan: 30 });
  // Number 2 would be the tap t-2, which the second NIC has.
  expect(fresh).toMatchObject({ ok: true, value: { tap: "t-3" } });
  const macs = nicsIn(domain).map(({ mac }) => mac);
  expect(fresh.ok && macs.includes(fresh.value.mac)).toBe(false);
});

test("what is given stays", () => {
  const fresh = read({ ...ACCESS, mac: "52:54:00:AA:00:01", tap: "mine" });
  expect(fresh).toMatchObject({ ok: true, value: { mac: "52:54:00:aa:00:01", tap: "mine" } });
});

test("the hook reads the guest with it as if genxml had written it there", () => {
  const fresh = read({ type: "routed", addresses: ["192.0.2.9"], prefixes: ["198.51.100.0/28"] });
  if (!fresh.ok) throw new Error("refused");
  const { metadata, element, mac } = fresh.value;
  if (metadata === null) throw new Error("no metadata");
  const after = edited(domain, withNic(guestElement(domain), metadata), element);
  expect(readManagedNic(after, mac).nic).toMatchObject({
    tap: "t-3",
    attachment: {
      kind: "routed",
      addresses: ["192.0.2.9"],
      prefixes: ["198.51.100.0/28"],
      gateways: ["169.254.0.1"],
    },
  });
  expect(readManagedNic(after, mac).domain.nics).toHaveLength(3);
  const printed = (metadata: typeof domain) => printXml(toSetMetadata(metadata));
  expect(printed(withoutNic(guestElement(after), mac))).toBe(printed(guestElement(domain)));
});

test("a NIC that is libvirt's alone has no metadata", () => {
  expect(read({ type: "network", network: "default" })).toMatchObject({
    ok: true,
    value: { metadata: null },
  });
});

test("names of VLANs are those of host.json", () => {
  const site = parseSite('{ "bridges": { "br0": { "vlans": { "servers": 30 } } } }');
  if (!site.ok) throw new Error("the host is wrong");
  const fresh = readText('{ "type": "bridge", "bridge": "br0", "vlan": "servers" }', site.value);
  expect(fresh.ok && printXml(fresh.value.metadata ?? domain)).toContain('vlan="30"');
});

test.each([
  ['{ "type": "bridge", "bridge": "br0", "vlan": 4095 }', "nic.json:1:46: error: vlan: "],
  ['{\n  "type": "bridge",\n  "bridge": "br0",\n  "vlan": 0\n}', "nic.json:4:11: error: vlan: "],
  ['{ "type": "bridge", "bridge": "br0" }', "nic.json:1:1: error: has neither"],
  ["{ ", "nic.json:1:"],
])("what is wrong with %j has its place in the NIC's own file", (text, said) => {
  const fresh = readText(text);
  expect(fresh.ok ? "" : fresh.problems.map((issue) => renderIssue("nic.json", issue)).join("\n")).toContain(
    said,
  );
});

test.each([
  [{ ...ACCESS, tap: "t-0" }, /has a NIC with MAC address \S+ and tap t-0$/],
  [{ ...ACCESS, mac: nicsIn(domain)[0]?.mac }, /has a NIC with MAC address/],
])("a NIC that the guest has already is refused", (nic, said) => {
  expect(() => read(nic)).toThrow(said);
});

test("two NICs in one file are refused", () => {
  const nic = JSON.stringify(ACCESS);
  expect(readText(`${nic}, ${nic}`)).toMatchObject({
    ok: false,
    problems: [{ code: "json-syntax", position: { line: 1, column: nic.length + 1 } }],
  });
  expect(readText(`[${nic}, ${nic}]`).ok).toBe(false);
});
