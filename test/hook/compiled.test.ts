import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The loader as it stands in the built hook. */
const LOADER = /^load='\n([^']*)'$/m.exec(readFileSync("dist/hooks/qemu", "utf8"))?.[1] ?? "";
const HEAD = "#!/bin/sh\n':' /*\nexit 0\n*/\n";

let folder: string;
const hook = (): string => join(folder, "qemu");
const kept = (): string => join(folder, "run", "compiled", "start");
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-compiled-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (body: string): void => {
  writeFileSync(hook(), `${HEAD}${body}`);
};
const run = (where = kept()) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-e", LOADER, "loader", hook(), "vm", "start"],
    {
      encoding: "utf8",
      env: { GUESTNET_COMPILED: where },
      timeout: 20_000,
    },
  );
  return { status, stdout, stderr };
};
const says = (stdout: string) => ({ status: 0, stdout, stderr: "" });
const ONE = 'process.stdout.write(process.argv.slice(1).join(" ").replace(/^.*[/]/, ""));\n';

test("the hook runs with its own arguments, and what was compiled is kept and used again", () => {
  write(ONE);
  expect(run()).toEqual(says("qemu vm start"));
  const before = statSync(kept());
  expect(run()).toEqual(says("qemu vm start"));
  // A file that was not content with would have been replaced.
  expect(statSync(kept()).ino).toBe(before.ino);
  expect(readdirSync(join(folder, "run", "compiled"))).toEqual(["start"]);
});

test("what was compiled of another text of the same length and age counts for nothing", () => {
  write('process.stdout.write("one");\n');
  utimesSync(hook(), 1_700_000_000, 1_700_000_000);
  expect(run()).toEqual(says("one"));
  write('process.stdout.write("two");\n');
  utimesSync(hook(), 1_700_000_000, 1_700_000_000);
  expect(run()).toEqual(says("two"));
  expect(run()).toEqual(says("two"));
});

test.each([
  ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 40)],
  ["empty", () => Buffer.alloc(0)],
  ["of another version of Node", (bytes: Buffer) => Buffer.from(bytes.toString("latin1").replace(/^v/, "w"))],
])("what is kept may be %s: it is made anew", (_, spoil) => {
  write(ONE);
  run();
  const whole = readFileSync(kept());
  writeFileSync(kept(), spoil(whole));
  expect(run()).toEqual(says("qemu vm start"));
  expect(readFileSync(kept()).length).toBe(whole.length);
});

test("where nothing can be kept the hook runs all the same", () => {
  write(ONE);
  expect(run("/proc/guestnet/start")).toEqual(says("qemu vm start"));
  expect(run("")).toEqual(says("qemu vm start"));
});

test("only root may write what is kept, whatever the daemon's umask is", () => {
  write(ONE);
  const umask = process.umask(0);
  try {
    run();
  } finally {
    process.umask(umask);
  }
  expect(statSync(kept()).mode & 0o777).toBe(0o644);
  expect(statSync(join(folder, "run", "compiled")).mode & 0o777).toBe(0o755);
});

test("a hook that fails says where in its file, and nothing of it is kept", () => {
  write('\nthrow new Error("here");\n');
  const { status, stderr } = run();
  expect(status).toBe(1);
  expect(stderr).toContain(`${hook()}:6`);
  expect(stderr).toContain("Error: here");
  expect(existsSync(kept())).toBe(false);
});
