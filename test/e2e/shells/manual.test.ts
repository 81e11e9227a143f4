import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runHere } from "../../lab/lab.ts";

const SILENT = { status: 0, stdout: "", stderr: "" };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-shells-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
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
