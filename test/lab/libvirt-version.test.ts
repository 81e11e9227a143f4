import { expect, test } from "@jest/globals";
import { tooOld } from "./libvirt-version.ts";

const says = (version: string) => () => `libvirtd (libvirt) ${version}\n`;

test.each(["11.0.0", "11.3.0", "12.10.1"])("libvirt %s sets VLANs of a Linux bridge", (version) => {
  expect(tooOld(["libvirt-vlan"], says(version))).toBeUndefined();
});

test.each(["9.0.0", "10.10.0"])("libvirt %s is too old for them, and the reason says so", (version) => {
  expect(tooOld(["libvirt-vlan"], says(version))).toBe(
    `libvirt ${version} is older than libvirt-vlan, which is from 11.0 on`,
  );
});

test("a test that needs nothing of a version does not ask for it", () => {
  expect(
    tooOld([], () => {
      throw new Error("asked");
    }),
  ).toBeUndefined();
});

test("a version that cannot be read is an error, no reason to skip", () => {
  expect(() => tooOld(["libvirt-vlan"], () => "libvirtd: unknown option")).toThrow("says no version");
});
