import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PACKAGES, type Program } from "./packages/packages.ts";
import { runHere } from "./run-here.ts";

/** How to start the programs that do not take --version. */
const ARGUMENTS: Partial<Readonly<Record<Program, readonly string[]>>> = {
  "aa-exec": ["--help"],
  awk: ["BEGIN { }"],
  birdc: ["-h"],
  bridge: ["-V"],
  busybox: ["true"],
  groff: ["-Tascii", "-z", "/dev/null"],
  hostname: [],
  ip: ["-V"],
  isoinfo: ["-version"],
  kill: ["-l"],
  "named-checkzone": ["-v"],
  ping: ["-V"],
  sh: ["-c", ":"],
  socat: ["-V"],
  ssh: ["-V"],
  "ssh-keygen": ["-q", "-t", "ed25519", "-N", "", "-f", "key"],
  sshd: ["-V"],
  tc: ["-V"],
  test: ["1"],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-programs-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const programs: readonly Program[] = Object.values(PACKAGES).flat();
test.each(programs)("%s starts", (program) => {
  const args = (ARGUMENTS[program] ?? ["--version"]).map((word) =>
    word === "key" ? join(folder, word) : word,
  );
  // No option of birdc ends well where no BIRD runs, and none of secilc without a policy.
  const status = program === "birdc" || program === "secilc" ? 1 : 0;
  expect(runHere(program, args)).toMatchObject({ status });
});
