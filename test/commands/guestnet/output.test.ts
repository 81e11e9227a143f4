import { PassThrough } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { type ColourWhen, isColoured } from "../../../src/commands/guestnet/colour.ts";
import { affected, type Affecting } from "../../../src/commands/guestnet/hotplug/affected.ts";
import { renderPlanJson } from "../../../src/commands/guestnet/plan/render-plan.ts";
import { plansOf } from "../../../src/commands/guestnet/plan/plan.ts";
import { type LineStream, whileShowing } from "../../../src/commands/guestnet/progress.ts";
import { toAsked } from "../../../src/kernel/observe/observe.ts";
import { survey, toDomains } from "../../../src/survey/survey.ts";
import { guestnet } from "../../support/guestnet.ts";
import { hostWith, start } from "../../support/life.ts";
import { domainOf, guest, xmlOf } from "../../support/profiles.ts";

test.each<[ColourWhen, boolean, string | undefined, boolean]>([
  ["auto", true, undefined, true],
  ["auto", true, "", true],
  ["auto", true, "1", false],
  ["auto", false, undefined, false],
  ["always", false, "1", true],
  ["never", true, undefined, false],
])("--color %s, terminal %s, NO_COLOR %s: colours %s", (when, isTTY, noColour, expected) => {
  expect(isColoured(when, { isTTY }, noColour)).toBe(expected);
});

const RUNS = { name: "g", uuid: "u", running: true };
const OFF = { ...RUNS, running: false };

describe("what is changed, as with virsh", () => {
  test.each<[Affecting, readonly string[], readonly string[] | null]>([
    [{}, ["live"], ["config"]],
    [{ current: true }, ["live"], ["config"]],
    [{ live: true }, ["live"], null],
    [{ config: true }, ["config"], ["config"]],
    [{ persistent: true }, ["live", "config"], ["config"]],
    [{ live: true, config: true }, ["live", "config"], null],
  ])("%j: %j of a running guest, %j of another", (given, running, off) => {
    expect(affected(given, RUNS)).toEqual(running);
    if (off === null) expect(() => affected(given, OFF)).toThrow(/live: it is not running/);
    else expect(affected(given, OFF)).toEqual(off);
  });

  test.each(["attach", "detach", "set"])("%s has the same options", (command) => {
    const { stdout } = guestnet([command, "--help"]);
    for (const option of ["--live", "--config", "-p, --persistent", "--current"])
      expect(stdout).toContain(`  ${option} `);
    expect(stdout).toMatch(/--current [^[]*\(default\)\n/);
    const { status, stderr } = guestnet([command, "g", "n", "vlan=1", "--current", "--live"].slice(0, 6));
    expect(status).toBe(64);
    expect(stderr).toContain("--current");
  });
});

const shown = async (isTTY: boolean): Promise<string> => {
  const stream: LineStream = Object.assign(new PassThrough(), { isTTY });
  let text = "";
  stream.on("data", (piece: Buffer) => (text += piece.toString()));
  await whileShowing(stream, "0 of 2", (show) => {
    show("1 of 2");
    return Promise.resolve();
  });
  return text;
};

test("progress is one line that goes again, on a terminal only", async () => {
  expect(await shown(true)).toBe("\r\u001b[K0 of 2\r\u001b[K1 of 2\r\u001b[K");
  expect(await shown(false)).toBe("");
});

test("plan --json has each command with its reason, and what apply does not repair", async () => {
  const written = guest({ type: "bridge", bridge: "br0", vlan: 20 });
  const kernel = hostWith();
  await start(domainOf(written), kernel);
  kernel.devices.get("t-0")?.vlans.clear();
  const broken = xmlOf({ ...written, name: "odd", uuid: "00000000-0000-5000-8000-000000000009" });
  const xmls = [xmlOf(written), broken.replace('vlan="20"', 'vlan="x"')];
  const planned = plansOf(await survey(toDomains(xmls), toAsked(kernel)));
  expect(JSON.parse(renderPlanJson(planned))).toEqual({
    nics: [
      {
        guest: domainOf(written).name,
        nic: "t-0",
        commands: [{ command: "bridge vlan add dev t-0 vid 20 pvid untagged", reason: expect.any(String) }],
      },
    ],
    notRepaired: [expect.stringMatching(/^guest odd: /)],
  });
});

test.each([
  ["status", "--format", "yaml"],
  ["status", "--format", "csv", "--json"],
  ["status", "--format", "csv", "--prometheus"],
  ["status", "--color", "sometimes"],
  ["doctor", "--color", "sometimes"],
])("%s %s %s is wrong use", (...args) => {
  expect(guestnet(args).status).toBe(64);
});
