import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { guestnet } from "./support/guestnet.ts";
import { runProgram } from "./support/run-program.ts";

const FOLDER = "templates/systemd";
const text = (file: string): string => readFileSync(`${FOLDER}/${file}`, "utf8");
const UNIT = "guestnet-apply.service";

test("the unit runs a command that guestnet has", () => {
  const [, program, ...args] = /^ExecStart=(\S+) (.*)$/m.exec(text(UNIT))?.slice(0, 3) ?? [];
  expect(program).toBe("guestnet");
  expect(guestnet([...args.join(" ").split(" "), "--help"])).toMatchObject({ status: 0 });
});

test("whatever starts the unit names it", () => {
  for (const file of readdirSync(FOLDER))
    if (file !== UNIT) expect([file, text(file)]).toEqual([file, expect.stringContaining(UNIT)]);
});

test.each(readdirSync(FOLDER).filter((file) => file.endsWith("-dispatcher")))(
  "%s is a shell script",
  (file) => {
    expect(text(file)).toMatch(/^#!\/bin\/sh\n/);
    expect(runProgram("sh", ["-n", `${FOLDER}/${file}`])).toMatchObject({
      status: 0,
      stderr: "",
    });
  },
);

test("each has its place in docs/how-to/repair.md", () => {
  const page = readFileSync("docs/how-to/repair.md", "utf8");
  for (const file of readdirSync(FOLDER)) expect(page).toContain(file);
});
