import { describe, expect, test } from "@jest/globals";
import { parseDisk } from "../../../../src/import/xen/syntax/disk.ts";
import { guestNameOf, parseVdev } from "../../../../src/import/xen/syntax/vdev.ts";
import {
  readRate,
  readXenMac,
  splitVif,
  parseOvsBridge,
  parseVifVlans,
} from "../../../../src/import/xen/syntax/vif.ts";

const disk = (text: string): string => {
  const read = parseDisk(text);
  if (!("vdev" in read))
    return `refused at ${String(read[0]?.index)}: ${read.map(({ message }) => message).join("; ")}`;
  const { target, vdev, format, readonly, shareable, device, discard, script, backend } = read;
  const more = [shareable ? "shareable" : "", discard ? "" : "no-discard", script ?? "", backend ?? ""];
  return [
    target,
    vdev.name,
    format,
    readonly ? "ro" : "rw",
    device,
    ...more.filter((word) => word !== ""),
  ].join(" ");
};

describe("a disk specification", () => {
  test.each([
    ["/dev/vg/a,raw,xvda,rw", "/dev/vg/a xvda raw rw disk"],
    ["/dev/vg/a,,hda", "/dev/vg/a hda raw rw disk"],
    ["phy:vg0/a,xvda,w", "vg0/a xvda raw rw disk"],
    ["tap:qcow2:/a.img,xvda,r", "/a.img xvda qcow2 ro disk"],
    ["tap2:aio:/a.img,sda1,w!", "/a.img sda1 raw rw disk shareable"],
    ["format=qcow2, vdev=hdb, access=ro, target=/a,b:c=d", "/a,b:c=d hdb qcow2 ro disk"],
    ["vdev=xvdc,/a.vhd,vhd,r", "/a.vhd xvdc vhd ro disk"],
    ["file:/a.iso,hdc:cdrom,r", "/a.iso hdc raw ro cdrom"],
    [",hdc:cdrom,r", " hdc raw ro cdrom"],
    [",,xvdj,,cdrom", " xvdj raw ro cdrom"],
    ["devtype=cdrom,vdev=xvdh", " xvdh raw ro cdrom"],
    ["file:/a.img,ioemu:hda,w", "/a.img hda raw rw disk"],
    ["drbd:res0,xvdk,w", "res0 xvdk raw rw disk block-drbd"],
    ["nbd:192.0.2.1 10809,xvdm,w", "192.0.2.1 10809 xvdm raw rw disk block-nbd"],
    ["script=block-rbd,vdev=xvdn,target=rbd:pool/img", "rbd:pool/img xvdn raw rw disk block-rbd"],
    ["rbd:pool/img,raw,xvda", "rbd:pool/img xvda raw rw disk"],
    ["backend=storage, phy:/dev/a, xvda,no-discard", "/dev/a xvda raw rw disk no-discard storage"],
    ["/a b .img,raw,xvda,", "/a b .img xvda raw rw disk"],
  ])("%j", (text, expected) => {
    expect(disk(text)).toBe(expected);
  });

  test.each([
    ["", /refused at 0: must have a vdev/],
    ["/a.img", /must have a vdev/],
    ["vdev=xvda,format=raw", /must have a target/],
    ["/a.vmdk,vmdk,xvda", /refused at 8: format must be raw, qcow, qcow2, vhd, qed, found vmdk/],
    ["/a,raw,xvda,x", /refused at 12: access must be r, ro, w, rw, found x/],
    ["/a,raw,xvda,w,more", /refused at 14: must have at most/],
    ["/a,raw,xvda,vdev=xvdb", /vdev is set twice/],
    ["cache=none,/a,raw,xvda", /refused at 0: must be one of the keys/],
    ["gluster:/vol,raw,xvda", /must begin with a path or a known prefix/],
    ["/a,raw,nvme0,w", /vdev must be a name such as xvda/],
    ["/a,raw,hdz,w", /vdev must be/],
    ["/a,raw,hdc:dvd,r", /must be :cdrom or :disk, found :dvd/],
    ["/a,raw,constructor,w", /vdev must be/],
    ["/a,constructor,xvda,w", /format must be/],
  ])("%j is refused", (text, expected) => {
    expect(disk(text)).toMatch(expected);
  });
});

test.each([
  ["xvda", "xvda"],
  ["xvdaa", "xvdaa"],
  ["xvda2", "xvda2"],
  ["sda15", "sda15"],
  ["d27p2", "xvdab2"],
  ["51712", "xvda"],
  ["0xca02", "xvda2"],
  ["768", "hda"],
  ["5632", "hdc"],
  ["2049", "sda1"],
  ["268435712", "xvdb"],
  // Octal and in capitals, as strtoul(3) reads them.
  ["0145002", "xvda2"],
  ["0XCA02", "xvda2"],
  ["d0x1bp02", "xvdab2"],
  ["d010", "xvdi"],
])("the virtual device %s is %s to Linux", (name, expected) => {
  const vdev = parseVdev(name);
  expect(vdev === null ? null : guestNameOf(vdev)).toBe(expected);
});
test.each([
  "xvda0",
  "xvda01",
  "018",
  "0x",
  "d08",
  "d1p",
  "d1p256",
  "hde",
  "sdq",
  "sda16",
  "vda",
  "xvd",
  "12",
  "",
  "__proto__",
])("%j is no virtual device", (name) => {
  expect(parseVdev(name)).toBeNull();
});

test("a vif is split at commas; what xl would leave out is named with its place", () => {
  const { words, unrecognised } = splitVif("mac=0:16:3e:1:2:3, brigde=br1,ip=192.0.2.1 ,,trusted,Model=x");
  expect(words.map(({ name, text, index }) => [name, text, index])).toEqual([
    ["mac", "0:16:3e:1:2:3", 0],
    ["ip", "192.0.2.1 ", 30],
    ["trusted", "trusted", 45],
  ]);
  expect(unrecognised).toEqual([
    { text: "brigde=br1", index: 19 },
    { text: "Model=x", index: 53 },
  ]);
});

test.each([
  ["00:16:3E:0a:0B:0c", "00:16:3e:0a:0b:0c"],
  ["0-16-3e-1-2-3", "00:16:3e:01:02:03"],
  ["zz:16:3e:00:00:01", null],
  ["00:16:3e:00:00", null],
  ["00163e000001", null],
])("the MAC address %s is %s", (text, expected) => {
  expect(readXenMac(text)).toBe(expected);
});

test.each([
  ["10Mb/s", 1_250_000],
  ["250KB/s", 250_000],
  ["1GB/s@20ms", 1e9],
  ["8b/s", 1],
  ["fast", null],
  ["10MB", null],
  ["0B/s", null],
])("the rate %s is %s bytes a second", (text, expected) => {
  expect(readRate(text)).toBe(expected);
});

test.each([
  ["10p", { pvid: 10, untagged: [10], vids: [10] }],
  ["10", { pvid: null, untagged: [], vids: [10] }],
  ["10p/20", { pvid: 10, untagged: [10], vids: [10, 20] }],
  [
    "10p/100+10x4/200-203u",
    { pvid: 10, untagged: [10, 200, 201, 202, 203], vids: [10, 100, 110, 120, 130, 200, 201, 202, 203] },
  ],
  ["0", null],
  ["4095", null],
  ["10p/20p", null],
  ["20-10", null],
  ["", null],
])("vlan=%s", (text, expected) => {
  expect(parseVifVlans(text)).toEqual(expected);
});

test.each([
  ["ovsbr0", { bridge: "ovsbr0", tag: null, trunks: [] }],
  ["ovsbr0.20", { bridge: "ovsbr0", tag: 20, trunks: [] }],
  ["ovsbr0:43:42:43", { bridge: "ovsbr0", tag: null, trunks: [42, 43] }],
  ["ovsbr0.10:20", { bridge: "ovsbr0", tag: 10, trunks: [20] }],
  ["ovsbr0.5000", null],
  ["", null],
])("vif-openvswitch's bridge=%s", (text, expected) => {
  expect(parseOvsBridge(text)).toEqual(expected);
});
