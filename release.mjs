// Releases a version: dates its section of CHANGELOG.md, sets the version, checks, commits, tags, and makes the packages of the tag.
//   npm run release -- 0.2.0
//   npm run release -- v0.2.0   makes the packages of a tag again: the same bytes
// Nothing is pushed or published: what it prints last says how. If a step fails, the files are as they were.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";

const FILES = ["CHANGELOG.md", "package.json", "package-lock.json"];
const FOLDER = "release";

/** @param {string} why */
const refuse = (why) => {
  console.error(`release: error: ${why}`);
  process.exit(1);
};

/** @param {readonly string[]} args */
const git = async (...args) => (await execa("git", args)).stdout;

/**
 * Makes the packages of a tag in a work tree of its own: neither what lies about here nor what is installed here gets into them.
 *
 * @param {string} tag
 */
const make = async (tag) => {
  const folder = await mkdtemp(join(tmpdir(), "guestnet-release-"));
  const tree = join(folder, "tree");
  await mkdir(FOLDER, { recursive: true });
  await git("worktree", "add", "--quiet", "--detach", tree, tag);
  try {
    await execa("npm", ["ci"], { cwd: tree });
    await execa("npm", ["run", "--silent", "package", "--", resolve(FOLDER)], {
      cwd: tree,
      stdio: "inherit",
    });
  } finally {
    await git("worktree", "remove", "--force", tree);
    await rm(folder, { recursive: true, force: true });
  }
};

const [wanted = "", ...rest] = process.argv.slice(2);
const [, again, version = ""] = /^(v?)(\d+\.\d+\.\d+)$/.exec(wanted) ?? [];
if (rest.length > 0 || version === "") {
  console.error(
    "usage: npm run release -- VERSION (such as 0.2.0), or a tag to make its packages again (such as v0.2.0)",
  );
  process.exit(64);
}
if (again === "v") {
  if ((await git("tag", "--list", wanted)) === "") refuse(`there is no tag ${wanted}`);
  await make(wanted);
  process.exit(0);
}
if ((await git("status", "--porcelain")) !== "") refuse("the work tree has changes: commit or stash them");
if ((await git("tag", "--list", `v${version}`)) !== "") refuse(`tag v${version} exists`);
/** @type {{ readonly name: string }} */
const { name } = JSON.parse(await readFile("package.json", "utf8"));
const changelog = await readFile("CHANGELOG.md", "utf8");
const heading = `## ${version}, unreleased`;
if (!changelog.split("\n").includes(heading)) refuse(`CHANGELOG.md has no line "${heading}"`);

try {
  const today = new Date().toISOString().slice(0, 10);
  await writeFile("CHANGELOG.md", changelog.replace(heading, `## ${version}, ${today}`));
  await execa("npm", ["version", version, "--no-git-tag-version", "--allow-same-version"]);
  await execa("npm", ["run", "check"], { stdio: "inherit" });
  await git("commit", "--quiet", "-m", `release: version ${version}`, "--", ...FILES);
} catch (error) {
  await git("checkout", "--quiet", "HEAD", "--", ...FILES);
  refuse(`${error instanceof Error ? error.message : String(error)}\nnothing was changed`);
}
await git("tag", "--annotate", `v${version}`, "--message", `guestnet ${version}`);

await make(`v${version}`);
console.log(`v${version} is committed, tagged and packed in ${FOLDER}/. Publish it:
  git push --follow-tags
  npm publish ${join(FOLDER, `${name}-${version}.tgz`)}`);
