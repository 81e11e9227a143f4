import { expect, test } from "@jest/globals";
import { domainDifferences } from "../../src/libvirt/domain/compare-domains.ts";
import { parseXml } from "../../src/xml/parse.ts";
import type { XmlElement } from "../../src/xml/tree.ts";

const root = (xml: string): XmlElement => {
  const parsed = parseXml(xml);
  if (parsed === null) throw new Error(`no XML: ${xml}`);
  return parsed;
};
const domain = (inside: string): XmlElement => root(`<domain type='kvm'><name>a</name>${inside}</domain>`);
const differ = (wanted: string, found: string): readonly string[] =>
  domainDifferences(domain(wanted), domain(found)).map(
    ({ path, found: is, wanted: shall }) => `${path}: ${is ?? "none"} -> ${shall ?? "none"}`,
  );
const nic = (bridge: string): string => `<interface type='bridge'><source bridge='${bridge}'/></interface>`;
const META = "<g:guest xmlns:g='urn:guestnet:1'>";

test.each([
  ["a size in another unit", "<memory unit='GiB'>1</memory>", "<memory unit='KiB'>1048576</memory>"],
  [
    "a machine by its version",
    "<os><type machine='q35'>hvm</type></os>",
    "<os><type machine='pc-q35-7.2'>hvm</type></os>",
  ],
  [
    "what libvirt adds",
    `<devices>${nic("br0")}</devices>`,
    `<devices><controller type='usb'/>${nic("br0").replace("<source", "<target dev='x'/><source")}<memballoon model='virtio'/></devices>`,
  ],
  [
    "the watchdog of a q35 machine",
    "<devices><watchdog model='i6300esb' action='reset'/></devices>",
    "<devices><watchdog model='itco' action='reset'/><watchdog model='i6300esb' action='reset'/></devices>",
  ],
])("%s is no difference", (_, wanted, found) => {
  expect(differ(wanted, found)).toEqual([]);
});

test.each([
  [
    "a size",
    "<memory unit='GiB'>2</memory>",
    "<memory unit='KiB'>1048576</memory>",
    ["memory@unit: KiB -> GiB", "memory: 1048576 -> 2"],
  ],
  [
    "a bridge",
    `<devices>${nic("br1")}</devices>`,
    `<devices>${nic("br0")}</devices>`,
    ["devices/interface/source@bridge: br0 -> br1"],
  ],
  [
    "a NIC more",
    `<devices>${nic("br0")}${nic("br1")}</devices>`,
    `<devices>${nic("br0")}</devices>`,
    ["devices/interface[1]: none -> present"],
  ],
  [
    "a NIC less",
    `<devices>${nic("br0")}</devices>`,
    `<devices>${nic("br0")}${nic("br1")}</devices>`,
    ["devices/interface[1]: present -> none"],
  ],
  [
    "a watchdog that is not the machine's own",
    "<devices/>",
    "<devices><watchdog model='i6300esb' action='reset'/></devices>",
    ["devices/watchdog[0]: present -> none"],
  ],
  [
    "another action of the machine's own",
    "<devices><watchdog model='itco' action='poweroff'/></devices>",
    "<devices><watchdog model='itco' action='reset'/></devices>",
    ["devices/watchdog@action: reset -> poweroff"],
  ],
  [
    "less metadata",
    `<metadata>${META}<g:nic vlan='20'/></g:guest></metadata>`,
    `<metadata>${META}<g:nic vlan='20' isolated='yes'/></g:guest></metadata>`,
    ["metadata/guest/g:nic@isolated: yes -> none"],
  ],
])("%s is one", (_, wanted, found, expected) => {
  expect(differ(wanted, found)).toEqual(expected);
});
