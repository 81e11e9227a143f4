import { expect, test } from "@jest/globals";
import { isUserData, renderNetworkConfig } from "../../src/guest-config/cloud-init.ts";
import type { FormatName } from "../../src/guest-config/format-names.ts";
import { GUEST_FORMATS } from "../../src/guest-config/formats.ts";
import { toGuestInterfaces } from "../../src/guest-config/guest-interface.ts";
import { parseAddress } from "../../src/values/address.ts";
import type { GuestSide } from "../../src/guest/guest-side.ts";
import type { Profile } from "../../src/guest/profile.ts";
import { parseProfile } from "../../src/profile/parse.ts";

const address = (text: string) => {
  const read = parseAddress(text);
  if (read === null) throw new Error(text);
  return read;
};
const inside: GuestSide = {
  untagged: {
    addressing: {
      kind: "static",
      addresses: [
        { address: address("10.0.20.5"), length: 22 },
        { address: address("2001:db8:20::5"), length: 64 },
      ],
      gateways: [address("10.0.23.1"), address("2001:db8:20::1")],
    },
    shared: [],
  },
  tagged: [],
};

/** A guest on a bridge whose gateways are in its networks. */
const bridged = (): Profile => {
  const nic = { type: "bridge", bridge: "br0", vlan: 20, mac: "52:54:00:12:34:56" };
  const result = parseProfile(JSON.stringify({ name: "a", memory: "1 GiB", interfaces: [nic] }));
  if (!result.ok) throw new Error("not a profile");
  return { ...result.value, interfaces: result.value.interfaces.map((one) => ({ ...one, inside })) };
};

const firstFile = (format: FormatName): string => {
  const result = GUEST_FORMATS[format](toGuestInterfaces(bridged()));
  return result.ok ? (result.value[0]?.text ?? "") : "";
};

test("a gateway in the network of an address is not called on link", () => {
  expect(renderNetworkConfig(bridged())).toBe(`version: 2
ethernets:
  eth0:
    match:
      macaddress: "52:54:00:12:34:56"
    set-name: "eth0"
    addresses:
      - "10.0.20.5/22"
      - "2001:db8:20::5/64"
    gateway6: "2001:db8:20::1"
    routes:
      - to: "0.0.0.0/0"
        via: "10.0.23.1"
`);
  expect(firstFile("networkd")).not.toContain("OnLink");
  expect(firstFile("ifupdown")).toContain(
    "netmask 255.255.252.0\n    up ip route add default via 10.0.23.1 dev $IFACE\n",
  );
});

test.each([
  ["#cloud-config\n", true],
  ["#!/bin/sh", true],
  ["## template: jinja\n#cloud-config", true],
  ["Content-Type: multipart/mixed", true],
  ["\u001f\u008b\b", true],
  ["packages: []", false],
  [" #cloud-config", false],
  ["", false],
])("cloud-init knows the user-data %j: %s", (text, known) => {
  expect(isUserData(Buffer.from(text, "latin1"))).toBe(known);
});
