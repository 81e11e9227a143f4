import { describe, expect, test } from "@jest/globals";
import { guest, profileOf } from "../support/profiles.ts";

const nic = (written: object, vcpus = 1) => {
  const [first] = profileOf({ ...guest(written), vcpus }).interfaces;
  return first;
};
const access = { type: "bridge", bridge: "br0", vlan: 20 };
const routed = (addresses: readonly string[], more: object = {}) => ({ type: "routed", addresses, ...more });

describe("what is left out", () => {
  test("the guest's hardware is the template's", () => {
    expect(profileOf({ name: "t", memory: "1 GiB" })).toMatchObject({
      vcpus: null,
      cpu: null,
      firmware: null,
      virtType: null,
      memory: { kib: 1024 ** 2, maxKiB: 1024 ** 2 },
      disks: [],
      interfaces: [],
      boot: null,
      title: null,
    });
  });

  test("a port is not isolated, and only the guest's own MAC address passes", () => {
    expect(nic(access)?.attachment).toMatchObject({ policy: { isolated: false, antispoof: true } });
  });

  test("a trunk has no native VLAN", () => {
    expect(nic({ type: "bridge", bridge: "br0", trunk: [30] })?.attachment).toMatchObject({ native: null });
  });

  test.each([
    ["IPv6", ["2001:db8::1"], ["fe80::1"]],
    ["IPv4", ["192.0.2.1"], ["169.254.0.1"]],
    ["both", ["192.0.2.1", "2001:db8::1"], ["169.254.0.1", "fe80::1"]],
  ])("a routed NIC gets the gateway of its families: %s", (_, addresses, gateways) => {
    expect(nic(routed(addresses))?.attachment).toMatchObject({ gateways });
  });

  test("a gateway that was given stands in for its own family's only", () => {
    const given = routed(["192.0.2.1", "2001:db8::1"], { gateway: "192.0.2.254" });
    expect(nic(given)?.attachment).toMatchObject({ gateways: ["192.0.2.254", "fe80::1"] });
  });

  test.each([
    [1, 1],
    [4, 4],
    [32, 8],
  ])("a guest of %d vCPUs has %d queues", (vcpus, queues) => {
    expect(nic(access, vcpus)).toMatchObject({ queues });
  });

  test("a NIC that is not virtio has one queue", () => {
    expect(nic({ ...access, model: "e1000e", queues: 4 }, 4)).toMatchObject({ queues: 1 });
  });
});

test("a trunk's VLANs are sorted and whole", () => {
  const trunk = nic({ type: "bridge", bridge: "br0", trunk: ["100-102", 30, "20-21"] })?.attachment;
  expect(trunk).toMatchObject({ tagged: [20, 21, 30, 100, 101, 102] });
});

test("/32 and /128 say nothing", () => {
  const { addresses } = { addresses: ["2001:DB8:0::1/128", "192.0.2.1/32"] };
  expect(nic(routed(addresses))?.attachment).toMatchObject({ addresses: ["2001:db8::1", "192.0.2.1"] });
});

test.each([
  ["512 MiB", 524_288],
  ["1.5 GiB", 1_572_864],
  ["1GiB", 1_048_576],
  ["2048 KiB", 2048],
  ["64 TiB", 68_719_476_736],
])("%s are %d KiB", (memory, kib) => {
  expect(profileOf({ name: "t", memory }).memory.kib).toBe(kib);
});

test.each([
  ["a device", "/dev/vg0/a", "block", "raw"],
  ["an image", "/srv/a.qcow2", "file", "qcow2"],
  ["another image", "/srv/a.vhd", "file", "vpc"],
  ["anything else", "/srv/a.iso", "file", "raw"],
])("%s is known by its path", (_, source, kind, format) => {
  expect(profileOf({ name: "t", memory: "1 GiB", disks: [{ source }] }).disks).toMatchObject([
    { source: { kind, path: source }, format },
  ]);
});

test("comments, trailing commas and a byte order mark are no mistakes", async () => {
  const { parseProfile } = await import("../../src/profile/parse.ts");
  expect(parseProfile('\uFEFF{ /* a */ "name": "t", // b\r\n "memory": "1 GiB", }')).toMatchObject({
    ok: true,
  });
});
