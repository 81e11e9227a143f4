import { expect, test } from "@jest/globals";
import { handle } from "../../src/hook/handle.ts";
import { parseDomain } from "../../src/libvirt/domain/parse-domain.ts";
import { scanXml } from "../../src/xml/scan.ts";
import type { LiveDomain } from "../../src/guest/nic.ts";
import { hostWith, start, stateOf, unplug } from "../support/life.ts";
import { domainOf, guest, xmlOf } from "../support/profiles.ts";

const NICS = [
  { type: "bridge", bridge: "br0", vlan: 20, mac: "52:54:00:00:00:01" },
  { type: "bridge", bridge: "br1", trunk: ["30-31"], native: 10, mac: "52:54:00:00:00:02" },
  { type: "routed", addresses: ["2001:db8::1", "192.0.2.1"], mac: "52:54:00:00:00:03" },
];

/** What genxml wrote before a port had uplinks or addresses, and a routed NIC a table, a metric, a reach or proxies. */
const FIRST = `<guestnet:guest xmlns:guestnet="urn:guestnet:1">
  <guestnet:access mac="52:54:00:00:00:01" vlan="20"/>
  <guestnet:trunk mac="52:54:00:00:00:02" vlans="30-31" native="10"/>
  <guestnet:routed mac="52:54:00:00:00:03">
    <guestnet:address>2001:db8::1</guestnet:address>
    <guestnet:address>192.0.2.1</guestnet:address>
    <guestnet:gateway>fe80::1</guestnet:gateway>
    <guestnet:gateway>169.254.0.1</guestnet:gateway>
  </guestnet:routed>
</guestnet:guest>`;

const saying = (metadata: string) =>
  parseDomain(scanXml(xmlOf(guest(...NICS)).replace(/<guestnet:guest[^]*<\/guestnet:guest>/, metadata)));

const readable = (metadata: string): LiveDomain => {
  const parsed = saying(metadata);
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.join("\n"));
};

test("what the first genxml wrote means what the same profile means today", () => {
  expect(readable(FIRST)).toEqual(domainOf(guest(...NICS)));
});

test("with nothing but what cannot be left out, a guest starts, and leaves nothing when it stops", async () => {
  const least = FIRST.replaceAll(/<guestnet:gateway>.*<\/guestnet:gateway>/g, "");
  const domain = readable(least);
  const kernel = hostWith();
  const before = stateOf(kernel);
  await start(domain, kernel);
  expect(kernel.log).toContain("bridge vlan add dev t-0 vid 20 pvid untagged");
  expect(kernel.log).toContain("ip route add 192.0.2.1/32 dev t-2 proto 76");
  unplug(domain, kernel);
  expect((await handle("release", domain, kernel)).wrong).toEqual([]);
  expect(stateOf(kernel)).toBe(before);
});

test("unknown metadata of a newer genxml is refused by name, not ignored", () => {
  const newer = FIRST.replace("<guestnet:access", "<guestnet:tunnel");
  expect(saying(newer)).toMatchObject({
    ok: false,
    problems: [expect.stringContaining("not <tunnel>: update it")],
  });
});
