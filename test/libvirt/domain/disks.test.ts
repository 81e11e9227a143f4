import { expect, test } from "@jest/globals";
import { xmlOf } from "../../support/profiles.ts";

const targetsOf = (disks: readonly object[]): readonly string[] =>
  [...xmlOf({ name: "t", memory: "1 GiB", disks }).matchAll(/<target dev="([a-z]+)" bus/g)].map(
    (match) => match[1] ?? "",
  );

test("disks get names that nobody else has or asks for", () => {
  const disks = [{}, { target: "vda" }, { bus: "sata" }, {}, { bus: "scsi" }];
  expect(targetsOf(disks.map((disk, i) => ({ source: `/dev/vg0/${i}`, ...disk })))).toEqual([
    ...["vdb", "vda", "sda", "vdc", "sdb"],
  ]);
});

test("thirty disks get thirty names", () => {
  const disks = Array.from({ length: 30 }, (_, i) => ({ source: `/srv/${i}.raw` }));
  expect(new Set(targetsOf(disks)).size).toBe(30);
});

test("several iothreads serve the virtio disks in turn", () => {
  const disks = ["a", "b", "c"].map((name) => ({ source: `/srv/${name}.raw` }));
  const xml = xmlOf({ name: "t", memory: "1 GiB", iothreads: 2, disks });
  expect([...xml.matchAll(/iothread="(\d)"/g)].map((match) => match[1])).toEqual(["1", "2", "1"]);
});
