import { describe, expect, test } from "@jest/globals";
import { guestnet, guestnetAsUser, inFolder } from "../../support/guestnet.ts";

describe("wrong use ends with 64 and says what there is", () => {
  test.each([
    [["statsu"], /unknown command 'statsu'/],
    [["status", "--json", "--prometheus"], /cannot be used with option/],
    [["status", "--watch", "0"], /from 0\.5 to 3600/],
    [["apply", "--yse"], /unknown option '--yse'/],
    [["install", "extra"], /too many arguments/],
    [[], /Usage: guestnet/],
  ])("%j", (args, said) => {
    const { status, stdout, stderr } = guestnet(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(said);
  });
});

test.each([["--help"], ["--version"], ["status", "--help"]])("%j ends with 0", (...args) => {
  expect(guestnet(args)).toMatchObject({ status: 0, stderr: "" });
});

test.each(["status", "plan", "apply"])("%s without root is one line", (command) => {
  const { status, stdout, stderr } = guestnetAsUser([command]);
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr: `guestnet: guestnet ${command} needs root: sudo guestnet ${command}\n`,
  });
});

test("without virsh it is one line", () => {
  inFolder((folder) => {
    // The system's own folders are always looked through: only the name of the library can be wrong here.
    const { status, stderr } = guestnet(["status", "-c", "test:///nowhere.xml"], { HOME: folder });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^guestnet: .+\n$/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
