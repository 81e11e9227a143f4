import { describe, expect, test } from "@jest/globals";
import { guestElement, nicsIn, readLibvirtDomain, toSetMetadata } from "../../src/hotplug/edit-domain.ts";
import { printXml } from "../../src/xml/print.ts";
import { applySettings, parseSetting } from "../../src/hotplug/settings.ts";
import { NATIVE_VLAN, PORTABLE } from "../../src/values/libvirt-version.ts";
import { guest, xmlOf } from "../support/profiles.ts";

const NICS = {
  access: { type: "bridge", bridge: "br0", vlan: 20, mac: "52:54:00:00:00:01" },
  trunk: { type: "bridge", bridge: "br0", trunk: [30], native: 10, isolated: true, mac: "52:54:00:00:00:01" },
  routed: {
    ...{ type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], prefixes: ["2001:db8:53::/64"] },
    mac: "52:54:00:00:00:01",
  },
} as const;
type Kind = keyof typeof NICS;

const nicOf = (kind: Kind, libvirt = PORTABLE) => {
  const [nic] = nicsIn(readLibvirtDomain(xmlOf(guest(NICS[kind]), libvirt)));
  if (nic === undefined || nic.metadata === null) throw new Error("the guest has no NIC of ours");
  const { metadata, element } = nic;
  return { metadata, element };
};
const settings = (words: string) =>
  words.split(" ").map((word) => parseSetting(word) ?? { key: word, value: "" });
const shown = (xml: string): string =>
  xml.replaceAll(/ xmlns:guestnet="[^"]*"| mac="[^"]*"/g, "").replaceAll("guestnet:", "");

test.each<[Kind, string, string]>([
  ["access", "vlan=30", '<access vlan="30"/>'],
  ["access", "trunk=30,100-199", '<trunk vlans="30,100-199"/>'],
  ["access", "trunk=30,31 native=10", '<trunk vlans="30-31" native="10"/>'],
  ["access", "isolated=yes antispoof=no", '<access vlan="20" isolated="yes" antispoof="no"/>'],
  [
    "access",
    "macs=00:00:5E:00:01:0A,52:54:00:aa:00:01",
    '<access vlan="20"><mac>00:00:5e:00:01:0a</mac><mac>52:54:00:aa:00:01</mac></access>',
  ],
  ["access", "macs=52:54:00:aa:00:01 macs=", '<access vlan="20"/>'],
  ["trunk", "isolated=no", '<trunk vlans="30" native="10"/>'],
  ["trunk", "native=none", '<trunk vlans="30" isolated="yes"/>'],
  ["trunk", "vlan=5", '<access isolated="yes" vlan="5"/>'],
  [
    "routed",
    "prefixes=",
    "<routed><address>2001:db8::1</address><address>192.0.2.1</address><gateway>fe80::1</gateway><gateway>169.254.0.1</gateway></routed>",
  ],
  [
    "routed",
    "addresses=192.0.2.7 prefixes=",
    "<routed><address>192.0.2.7</address><gateway>169.254.0.1</gateway></routed>",
  ],
  [
    "routed",
    "addresses=192.0.2.7 gateway=192.0.2.254 addresses=192.0.2.8,2001:DB8:0::8 prefixes=",
    "<routed><address>192.0.2.8</address><address>2001:db8::8</address><gateway>192.0.2.254</gateway><gateway>fe80::1</gateway></routed>",
  ],
])("%s with %s is %s", (kind, words, xml) => {
  const nic = nicOf(kind);
  const changed = applySettings(nic, settings(words));
  expect(changed.ok ? shown(printXml(changed.value.metadata)) : changed.problems).toBe(xml);
  expect(changed.ok && changed.value.element === nic.element).toBe(true);
});

test.each<["access" | "trunk", string, string, string]>([
  ["access", "vlan=30", "<port/>", "<vlan><tag id='30'/></vlan>"],
  [
    ...(["access", "trunk=30,31 native=10", "<port/>"] as const),
    "<vlan trunk='yes'><tag id='10' nativeMode='untagged'/><tag id='30'/><tag id='31'/></vlan>",
  ],
  ["access", "trunk=30", "<port/>", "<vlan trunk='yes'><tag id='30'/></vlan>"],
  ["trunk", "native=none", '<port isolated="yes"/>', "<vlan trunk='yes'><tag id='30'/></vlan>"],
  ["trunk", "vlan=5 isolated=no", "<port/>", "<vlan><tag id='5'/></vlan>"],
])("a %s whose VLANs are libvirt's own, with %s, is %s and %s", (kind, words, metadata, vlan) => {
  const changed = applySettings(nicOf(kind, NATIVE_VLAN), settings(words));
  if (!changed.ok) throw new Error(changed.problems.join());
  expect(shown(printXml(changed.value.metadata))).toBe(metadata);
  const fresh = printXml(changed.value.element).replaceAll(/\n\s*/g, "");
  expect(fresh).toContain(vlan.replaceAll("'", '"'));
  expect(fresh.replace(/<vlan.*<\/vlan>/, "")).toBe(
    printXml(nicOf(kind, NATIVE_VLAN).element)
      .replaceAll(/\n\s*/g, "")
      .replace(/<vlan.*<\/vlan>/, ""),
  );
});

test("where the VLANs stay the same, libvirt's <interface> is left alone", () => {
  const nic = nicOf("access", NATIVE_VLAN);
  const changed = applySettings(nic, settings("vlan=20 isolated=yes"));
  if (!changed.ok) throw new Error(changed.problems.join());
  expect(changed.value.element).toBe(nic.element);
  expect(shown(printXml(changed.value.metadata))).toBe('<port isolated="yes"/>');
});

describe("what cannot be is refused with what was found and what is allowed", () => {
  test.each<[Kind, string, RegExp]>([
    ["access", "vlan=4095", /1 to 4094, found "4095"/],
    ["access", "vlan=0x14", /found "0x14"/],
    ["access", "trunk=5-3", /30,100-199, found "5-3"/],
    ["access", "native=5", /set trunk=VLANS before it/],
    [
      "access",
      `macs=${Array.from({ length: 65 }, (_, at) => `52:54:00:00:01:${at.toString(16).padStart(2, "0")}`).join(",")}`,
      /at most 64 MAC addresses, found 65/,
    ],
    ["access", "isolated=on", /yes or no, found "on"/],
    [
      "access",
      "addresses=192.0.2.1",
      /addresses is not a setting of this NIC: use vlan, trunk, native, isolated, antispoof/,
    ],
    ["routed", "vlan=5", /vlan is not a setting of this NIC: use addresses/],
    ["routed", "addresses=", /at least one address/],
    ["routed", "addresses=192.0.2.1,x", /found "x"/],
    ["routed", "prefixes=192.0.2.1/24", /found "192\.0\.2\.1\/24"/],
  ])("%s with %s", (kind, words, said) => {
    const changed = applySettings(nicOf(kind), settings(words));
    expect(changed.ok ? [] : changed.problems).toEqual([expect.stringMatching(said)]);
  });

  test("a native VLAN for an access port whose VLAN is libvirt's own", () => {
    const changed = applySettings(nicOf("access", NATIVE_VLAN), settings("native=5"));
    expect(changed.ok ? [] : changed.problems).toEqual([expect.stringMatching(/set trunk=VLANS before it/)]);
  });
});

test.each(["vlan", "=5", "Vlan=5", "vlan 5"])("%j is no setting", (text) => {
  expect(parseSetting(text)).toBeNull();
});

test("metadata that is printed for libvirt reads back the same, with a namespace for each NIC", () => {
  const guestElementOf = (xml: string) => guestElement(readLibvirtDomain(xml));
  const before = guestElementOf(xmlOf(guest(NICS.access, { ...NICS.routed, mac: "52:54:00:00:00:02" })));
  const set = printXml(toSetMetadata(before));
  expect(set).toMatch(/^<guest><guestnet:access xmlns:guestnet="urn:guestnet:1" mac/);
  expect(set).toMatch(/<guestnet:routed xmlns:guestnet="urn:guestnet:1" mac="[^"]*"><guestnet:address>2001:/);
  // So does libvirt (virXMLInjectNamespace).
  const injected = set
    .replace(/^<guest>/, '<x:guest xmlns:x="urn:guestnet:1">')
    .replace(/guest>$/, "x:guest>");
  const after = guestElementOf(`<domain><metadata>${injected}</metadata></domain>`);
  expect(printXml(toSetMetadata(after))).toBe(set);
});
