import { describe, expect, test } from "@jest/globals";
import { guestnet, guestnetAsUser, inFolder } from "../../support/guestnet.ts";

describe("wrong use ends with 64 and says what there is", () => {
  test.each([
    [["statsu"], /unknown command 'statsu'\nhint: did you mean 'guestnet status'\?$/m],
    [["version"], /unknown command 'version'\nhint: did you mean 'guestnet --version'\?$/m],
    [["frobnicate"], /unknown command 'frobnicate'\nhint: guestnet --help$/m],
    [["status", "--json", "--prometheus"], /cannot be used with option/],
    [["status", "--watch", "0"], /from 0\.5 to 3600/],
    [["apply", "--yse"], /unknown option '--yse'/],
    [["install", "extra"], /too many arguments/],
    [["apply"], /--yes without a terminal/],
    [["report"], /required option '-o, --output <directory>'/],
    [["report", "-o", "site", "-c", "test:///default"], /not a supported libvirt URI/],
    [["set", "web1", "web1-0", "vlan=4095"], /vlan must be a VLAN ID/],
    [["set", "web1", "web1-0", "vlna=30"], /did you mean vlan\?/],
    [["set", "web1", "web1-0", "vlan"], /KEY=VALUE/],
    [["push", "web1.json", "--dry-run", "--libvirt", "1"], /must be 8\.0 or later/],
    [["attach", "web1", "nic.json", "--host", "host.json"], /is now '--site'/],
    [[], /Usage: guestnet/],
  ])("%j", (args, said) => {
    const { status, stdout, stderr } = guestnet(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(said);
    if (args.length > 0) expect(stderr).toMatch(/^guestnet: error: .+\nhint: .+\n$/);
  });
});

test.each([["--help"], ["--version"], ["status", "--help"]])("%j ends with 0", (...args) => {
  expect(guestnet(args)).toMatchObject({ status: 0, stderr: "" });
});

test.each([["status"], ["plan"], ["apply", "--yes"], ["report", "-o", "-"]])(
  "%j without root is an error",
  (...args) => {
    const { status, stdout, stderr } = guestnetAsUser(args);
    const [command = ""] = args;
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr: `guestnet: error: cannot run ${command}: it requires root\nhint: sudo guestnet ${command}\n`,
    });
  },
);

test("a libvirt that cannot be reached is an error with what starts it", () => {
  inFolder((folder) => {
    // The system's own folders are always check through: only the name of the library can be wrong here.
    const { status, stderr } = guestnet(["status", "-c", "test:///nowhere.xml"], { HOME: folder });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^guestnet: error: cannot (connect|run) .+\nhint: .+\n$/);
  });
});
