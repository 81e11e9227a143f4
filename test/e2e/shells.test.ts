import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { runHere } from "../lab/lab.ts";

const SILENT = { status: 0, stdout: "", stderr: "" };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-shells-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(["genxml", "guestnet"])("%s", (program) => {
  test.each(["bash", "zsh", "fish"] as const)("has a completion that %s can read", (shell) => {
    const { status, stdout } = runHere("node", [`dist/${program}.js`, "completion", shell]);
    expect(status).toBe(0);
    const file = join(folder, `${program}.${shell}`);
    writeFileSync(file, stdout);
    expect(runHere(shell, ["-n", file])).toEqual(SILENT);
    // It reads it, indeed: this one is not closed.
    writeFileSync(file, `${stdout}\necho "`);
    expect(runHere(shell, ["-n", file]).status).not.toBe(0);
  });
});

test.each(["genxml.1", "guest.json.5", "guestnet-hook.7", "guestnet.8", "host.json.5"])(
  "man has no warnings about %s",
  (page) => {
    const { status, stdout, stderr } = runHere("man", ["--warnings", "--local-file", `dist/man/${page}`]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("SEE ALSO");
    expect(runHere("groff", ["-man", "-Tascii", "-ww", "-z", `dist/man/${page}`])).toEqual(SILENT);
  },
);

test("man does warn", () => {
  const file = join(folder, "wrong.1");
  writeFileSync(file, ".TH WRONG 1\n.SH NAME\nwrong \\- \\[nosuchglyph]\n");
  expect(runHere("man", ["--warnings", "--local-file", file]).stderr).toContain("nosuchglyph");
});
