// Releases a version: dates its section of CHANGELOG.md, sets the version, checks, commits, tags, and packs.
//   npm run release -- 0.2.0
// Nothing is pushed or published: what it prints last says how. If a step fails, the files are as they were.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

const [version = "", ...rest] = process.argv.slice(2);
if (rest.length > 0 || !/^\d+\.\d+\.\d+$/.test(version)) {
  console.error("usage: npm run release -- VERSION (such as 0.2.0)");
  process.exit(64);
}
if ((await git("status", "--porcelain")) !== "") refuse("the work tree has changes: commit or stash them");
if ((await git("tag", "--list", `v${version}`)) !== "") refuse(`tag v${version} exists`);
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

await mkdir(FOLDER, { recursive: true });
const packed = await execa("npm", ["pack", "--json", "--pack-destination", FOLDER]);
/** @type {{ filename: string }[]} */
const packages = JSON.parse(packed.stdout);
const sums = await Promise.all(
  packages.map(async ({ filename }) => {
    const bytes = await readFile(join(FOLDER, filename));
    return `${createHash("sha256").update(bytes).digest("hex")}  ${filename}\n`;
  }),
);
await writeFile(join(FOLDER, "SHA256SUMS"), sums.join(""));
console.log(`v${version} is committed, tagged and packed in ${FOLDER}/. Publish it:
  git push --follow-tags
  npm publish ${join(FOLDER, packages[0]?.filename ?? "")}`);
