import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { protectionText } from "../src/commands/guestnet/install/protect-taps.ts";
import { NETWORK_MANAGER, NETWORKD } from "../src/doctor/tap-protection.ts";
import { guestnet } from "./support/guestnet.ts";
import { runProgram } from "./support/run-program.ts";

const FOLDERS = ["templates/systemd", "templates/network-managers"] as const;
const UNIT = "guestnet-apply.service";
const AUTOSTART = "guestnet-autostart.service";

const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(folder).map((name) => [name, `${folder}/${name}`] as const),
);
const text = (file: string): string => readFileSync(file, "utf8");
const SCRIPTS = FILES.filter(([, file]) => text(file).startsWith("#!"));

test.each([UNIT, AUTOSTART])("%s runs a command that guestnet has, by its whole path", (unit) => {
  const [, program, args = ""] = /^ExecStart=(\S+) (.*)$/m.exec(text(`templates/systemd/${unit}`)) ?? [];
  expect(program).toBe("/usr/local/bin/guestnet");
  expect(guestnet([...args.split(" "), "--help"])).toMatchObject({ status: 0 });
});

test.each([
  [NETWORKD, "05-guestnet.network"],
  [NETWORK_MANAGER, "50-guestnet.conf"],
])("$manager is told by a template what guestnet install tells it", (protection, name) => {
  const lines = text(`templates/network-managers/${name}`).split("\n");
  expect(lines.filter((line) => !line.startsWith("#")).join("\n")).toBe(protectionText(protection));
});

test("all others start the unit", () => {
  const starters = FILES.filter(
    ([name]) => name !== UNIT && name !== AUTOSTART && !/\.(network|conf)$/.test(name),
  );
  expect(starters).toHaveLength(4);
  for (const [name, file] of starters)
    expect([name, text(file)]).toEqual([name, expect.stringContaining(UNIT)]);
});

test.each(SCRIPTS)("%s is a shell script that can be run", (_, file) => {
  expect(text(file)).toMatch(/^#!\/bin\/sh\n/);
  expect(statSync(file).mode & 0o111).toBe(0o111);
  expect(runProgram("sh", ["-n", file])).toMatchObject({ status: 0, stderr: "" });
});

test("each has its place in docs/how-to/repair.md", () => {
  const page = readFileSync("docs/how-to/repair.md", "utf8");
  for (const [name] of FILES) expect(page).toContain(name);
});
