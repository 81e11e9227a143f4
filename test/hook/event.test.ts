import { expect, test } from "@jest/globals";
import { exitOnFailure, parseEvent } from "../../src/hook/event.ts";

// hooks.html: "qemu GUEST OPERATION SUB-OPERATION EXTRA".
test.each([
  ["prepare", ["dns1", "prepare", "begin", "-"]],
  ["start", ["dns1", "start", "begin", "-"]],
  ["release", ["dns1", "release", "end", "-"]],
  ["reconnect", ["dns1", "reconnect", "begin", "-"]],
])("acts on %s", (operation, argv) => {
  expect(parseEvent(argv)).toEqual({ guest: "dns1", operation });
});

test.each(["started", "stopped", "migrate", "restore", "attach", "", "Prepare", "prepare ", "constructor"])(
  "has nothing to do at %j",
  (operation) => {
    expect(parseEvent(["dns1", operation, "begin", "-"])).toBeNull();
  },
);

test.each([[[]], [["dns1"]]])("has nothing to do without an operation: %j", (argv) => {
  expect(parseEvent(argv)).toBeNull();
});

test.each([
  ["refuses the guest", "prepare", 1],
  ["refuses the guest", "start", 1],
  ["never fails, because libvirt would kill the running guest", "reconnect", 0],
  ["does not fail, because nobody listens", "release", 0],
] as const)("%s when %s goes wrong", (_, operation, status) => {
  expect(exitOnFailure(operation)).toBe(status);
});
