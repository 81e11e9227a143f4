import { expect, test } from "@jest/globals";
import { type Issue, renderIssue, renderPath } from "../../src/values/issue.ts";

test.each([
  [["interfaces", 1, "vlan"], "interfaces[1].vlan"],
  [["interfaces", 1, "trunk", 2], "interfaces[1].trunk[2]"],
  [["name"], "name"],
  [[0, "name"], "[0].name"],
  [[], ""],
])("the path %j is written %j", (path, text) => {
  expect(renderPath(path)).toBe(text);
});

const issue: Issue = {
  severity: "error",
  code: "vlan-range",
  path: ["interfaces", 1, "trunk", 2],
  message: "must be a VLAN ID, found 4095",
  position: { line: 14, column: 22 },
};

test("an issue is one line that editors can jump to", () => {
  expect(renderIssue("guest.json", issue)).toBe(
    "guest.json:14:22: error: interfaces[1].trunk[2]: must be a VLAN ID, found 4095 [vlan-range]",
  );
});

test("an issue of the whole file has no path", () => {
  expect(renderIssue("guest.json", { ...issue, path: [] })).toBe(
    "guest.json:14:22: error: must be a VLAN ID, found 4095 [vlan-range]",
  );
});
