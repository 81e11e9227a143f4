import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { isOfGuest, parseGuest } from "../../../src/libvirt/domain/parse-guest.ts";
import { scanXml } from "../../../src/xml/scan.ts";
import { childrenOf } from "../../../src/xml/tree.ts";

const FILES = readdirSync("fixtures/cases", { recursive: true, encoding: "utf8" })
  .filter((file) => /(^|\/)domain[^/]*\.xml$/.test(file))
  .map((file) => `fixtures/cases/${file}`);

test.each(FILES)("%s is the same guest with all of its elements and with those alone", (file) => {
  const text = readFileSync(file, "utf8");
  const whole = parseGuest(scanXml(text));
  expect(whole.ok).toBe(true);
  expect(parseGuest(scanXml(text, isOfGuest))).toEqual(whole);
});

describe("an element that is not read", () => {
  const scanned = (text: string) => scanXml(text, (_, name) => name !== "disk");

  test("has no content, whatever that is", () => {
    const root = scanned("<devices><disk a='1'><b></c></disk><nic><b/></nic></devices>");
    expect(childrenOf(root, "disk")).toMatchObject([{ attributes: { a: "1" }, children: [] }]);
    expect(childrenOf(root, "nic")).toMatchObject([{ children: [{ name: "b" }] }]);
  });

  test.each(["<disk/>", "<disk><disk><b/></disk></disk>", "<disk><disks/></disk>"])(
    "%s ends where it does",
    (text) => {
      expect(scanned(`<devices>${text}<nic/></devices>`)?.children).toHaveLength(2);
    },
  );

  test.each([
    "<devices><disk></devices>",
    "<devices><disk></disk >",
    "<devices><disk><disk></disk></devices>",
  ])("%s is no document", (text) => {
    expect(scanned(text)).toBeNull();
  });
});
