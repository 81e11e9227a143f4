import { describe, expect, test } from "@jest/globals";
import { parseDomain } from "../../../src/libvirt/domain/parse-domain.ts";
import { scanXml } from "../../../src/xml/scan.ts";

/** A domain with one NIC on a bridge: what the metadata says of it, and its own `<vlan>`. */
const domain = (metadata: string, vlan: string): string => `
<domain><name>t</name><uuid>6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10</uuid>
  <metadata><g:guest xmlns:g="urn:guestnet:1">${metadata}</g:guest></metadata>
  <devices><interface type='bridge'>
    <mac address='52:54:00:00:00:01'/><source bridge='br0'/>${vlan}<target dev='t-0'/>
  </interface></devices>
</domain>`;
const PORT = '<g:port mac="52:54:00:00:00:01"/>';
const ACCESS = '<g:access mac="52:54:00:00:00:01" vlan="20"/>';
const vlan = (tags: string, attributes = ""): string => `<vlan${attributes}>${tags}</vlan>`;

describe("the VLANs of an interface's own <vlan> are those that libvirt puts its port into", () => {
  test.each([
    ["one tag is an access port", vlan("<tag id='20'/>"), { kind: "access", vlan: 20 }],
    [
      "the native mode of one tag means nothing",
      vlan("<tag id='20' nativeMode='untagged'/>"),
      { kind: "access", vlan: 20 },
    ],
    [
      "one tag can be a trunk",
      vlan("<tag id='20'/>", " trunk='yes'"),
      { kind: "trunk", tagged: [20], native: null },
    ],
    [
      "two tags are a trunk",
      vlan("<tag id='30'/><tag id='20'/>"),
      { kind: "trunk", tagged: [20, 30], native: null },
    ],
    [
      "of which one may be native",
      vlan("<tag id='30'/><tag id='20' nativeMode='untagged'/>", " trunk='yes'"),
      { kind: "trunk", tagged: [30], native: 20 },
    ],
  ])("%s", (_, xml, attachment) => {
    expect(parseDomain(scanXml(domain(PORT, xml)))).toMatchObject({ value: { nics: [{ attachment }] } });
  });
});

describe("refused is", () => {
  const NIC = "NIC 52:54:00:00:00:01: ";
  test.each([
    ["a VLAN that is said twice", ACCESS, vlan("<tag id='20'/>"), "also has a <vlan>"],
    ["a port without a VLAN", PORT, "", "has no <vlan>"],
    ["an empty <vlan>", PORT, vlan(""), "has no <vlan>"],
    ["a number that is none", PORT, vlan("<tag id='4095'/>"), "<tag id='4095'/> is not a VLAN ID"],
    [
      "a native VLAN that leaves tagged",
      PORT,
      vlan("<tag id='20' nativeMode='tagged'/><tag id='30'/>"),
      "nativeMode='tagged' is not supported",
    ],
    [
      "two native VLANs",
      PORT,
      vlan("<tag id='20' nativeMode='untagged'/><tag id='30' nativeMode='untagged'/>"),
      "two tags with nativeMode",
    ],
  ])("%s", (_, metadata, xml, why) => {
    const parsed = parseDomain(scanXml(domain(metadata, xml)));
    expect(parsed).toMatchObject({ ok: false, problems: [expect.stringContaining(why)] });
    expect(!parsed.ok && parsed.problems[0]?.startsWith(NIC)).toBe(true);
  });
});
