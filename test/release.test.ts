import { expect, test } from "@jest/globals";
import { execa } from "execa";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const AUTHOR = ["-c", "user.name=t", "-c", "user.email=t@example.org"];

/** What stands for the packages: the changelog as it is in the work tree in which they are made. */
const PACKAGE = `node -e 'fs.copyFileSync("CHANGELOG.md", process.argv[1] + "/packed")'`;

/** A project of its own with the release script, whose check is the given command. */
const project = async (check: string) => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-release-"));
  const run = (file: string, ...args: readonly string[]) =>
    execa(file, args, { cwd: folder, reject: false, env: { GIT_CONFIG_GLOBAL: join(folder, ".gitconfig") } });
  copyFileSync("release.mjs", join(folder, "release.mjs"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, ".gitignore"), "node_modules\nrelease\n.gitconfig\n");
  writeFileSync(join(folder, ".gitconfig"), "[user]\n\tname = t\n\temail = t@example.org\n");
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "thing", version: "0.1.0", scripts: { check, package: PACKAGE } }),
  );
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({
      name: "thing",
      version: "0.1.0",
      lockfileVersion: 3,
      packages: { "": { version: "0.1.0" } },
    }),
  );
  writeFileSync(join(folder, "CHANGELOG.md"), "# Changelog\n\n## 0.2.0, unreleased\n\n- It works.\n");
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "."],
    [...AUTHOR, "commit", "-qm", "first"],
  ])
    await run("git", ...args);
  const release = (...args: readonly string[]) => run(process.execPath, "release.mjs", ...args);
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  return { folder, run, release, read };
};

test("a release dates the changelog, sets the version, commits, tags and packs", async () => {
  const { folder, run, release, read } = await project("true");
  const { exitCode, stdout } = await release("0.2.0");
  expect({ exitCode, last: stdout.split("\n").at(-1)?.trim() }).toEqual({
    exitCode: 0,
    last: "npm publish release/thing-0.2.0.tgz",
  });
  expect(read("CHANGELOG.md")).toMatch(/^## 0\.2\.0, \d{4}-\d\d-\d\d$/m);
  expect(read("package.json")).toContain('"version":"0.2.0"');
  expect((await run("git", "describe")).stdout).toBe("v0.2.0");
  expect((await run("git", "status", "--porcelain")).stdout).toBe("");
  expect(read("release/packed")).toBe(read("CHANGELOG.md"));
  rmSync(folder, { recursive: true });
});

test("the packages of a tag are made of the tag, whatever is in the work tree", async () => {
  const { folder, run, release, read } = await project("true");
  await release("0.2.0");
  const tagged = read("CHANGELOG.md");
  writeFileSync(join(folder, "CHANGELOG.md"), "changed\n");
  rmSync(join(folder, "release"), { recursive: true });
  expect(await release("v0.2.0")).toMatchObject({ exitCode: 0 });
  expect(read("release/packed")).toBe(tagged);
  expect((await run("git", "worktree", "list")).stdout.split("\n")).toHaveLength(1);
  expect(await release("v0.3.0")).toMatchObject({
    exitCode: 1,
    stderr: "release: error: there is no tag v0.3.0",
  });
  rmSync(folder, { recursive: true });
});

test("a release whose check fails changes nothing", async () => {
  const { folder, run, release, read } = await project("false");
  const { exitCode, stderr } = await release("0.2.0");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("nothing was changed");
  expect(read("CHANGELOG.md")).toContain("## 0.2.0, unreleased");
  expect((await run("git", "status", "--porcelain")).stdout).toBe("");
  expect((await run("git", "tag")).stdout).toBe("");
  expect(existsSync(join(folder, "release"))).toBe(false);
  rmSync(folder, { recursive: true });
});

test.each([
  ["a version that the changelog does not have", ["0.3.0"], 1, 'no line "## 0.3.0, unreleased"'],
  ["no version", [], 64, "usage:"],
  ["a word", ["major"], 64, "usage:"],
])("%s is refused", async (_, args, code, message) => {
  const { folder, release } = await project("true");
  const { exitCode, stderr } = await release(...args);
  expect({ exitCode, said: stderr.includes(message) }).toEqual({ exitCode: code, said: true });
  rmSync(folder, { recursive: true });
});

test("a work tree with changes is refused", async () => {
  const { folder, release } = await project("true");
  writeFileSync(join(folder, "CHANGELOG.md"), "# Changelog\n");
  const { exitCode, stderr } = await release("0.2.0");
  expect({ exitCode, said: stderr.includes("the work tree has changes") }).toEqual({
    exitCode: 1,
    said: true,
  });
  rmSync(folder, { recursive: true });
});
