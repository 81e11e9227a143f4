import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipped } from "./contents.ts";
import type { Release } from "./release.ts";
import { text, type Tree, writeTree } from "./tree.ts";

/** A Debian package: what is in it, and what deb-control(5) says of it. */
export interface Deb {
  readonly name: string;
  readonly tree: Tree;
  readonly fields: Readonly<Record<string, string>>;
  readonly description: string;
  /** Maintainer scripts, and `triggers`. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly copyright: string;
}

const documents = ({ name, copyright }: Deb, release: Release): Tree => ({
  [`usr/share/doc/${name}/copyright`]: text(copyright),
  [`usr/share/doc/${name}/changelog.gz`]: gzipped(text(release.changelog)),
  [`usr/share/doc/${name}/changelog.Debian.gz`]: gzipped(
    text(`${name} (${release.version}-1) stable; urgency=medium

  * Version ${release.version}: see changelog.gz.

 -- ${release.maintainer}  ${new Date(release.epoch * 1000).toUTCString().replace("GMT", "+0000")}
`),
  ),
});

/** Files that dpkg compares with what is installed: `dpkg --verify`. */
const md5sums = (tree: Tree): string =>
  Object.entries(tree)
    .flatMap(([path, entry]) =>
      entry.kind === "file" ? [`${createHash("md5").update(entry.bytes).digest("hex")}  ${path}\n`] : [],
    )
    .sort()
    .join("");

const kibibytes = (tree: Tree): number =>
  Object.values(tree).reduce(
    (sum, entry) => sum + (entry.kind === "file" ? Math.ceil(entry.bytes.length / 1024) : 1),
    0,
  );

const control = ({ name, fields, description }: Deb, tree: Tree, release: Release): string =>
  Object.entries({
    Package: name,
    Version: `${release.version}-1`,
    Architecture: "all",
    Maintainer: release.maintainer,
    "Installed-Size": String(kibibytes(tree)),
    ...fields,
    Section: "admin",
    Priority: "optional",
    Homepage: release.homepage,
    Description: description,
  })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join("");

/**
 * Makes a .deb with dpkg-deb alone: nothing is compiled here, and debhelper would only guess at what the trees say already.
 *
 * @returns the name of its file
 */
export const makeDeb = (deb: Deb, release: Release, work: string, output: string): string => {
  const tree = { ...deb.tree, ...documents(deb, release) };
  const root = join(work, `deb-${deb.name}`);
  const scripts: Tree = Object.fromEntries(
    Object.entries(deb.scripts).map(([name, script]) => [
      `DEBIAN/${name}`,
      text(script, name === "triggers" ? 0o644 : 0o755),
    ]),
  );
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  writeTree(
    {
      ...tree,
      "DEBIAN/control": text(control(deb, tree, release)),
      "DEBIAN/md5sums": text(md5sums(tree)),
      ...scripts,
    },
    root,
    release.epoch,
  );
  const file = `${deb.name}_${release.version}-1_all.deb`;
  // One thread: more would cut the stream into blocks, as many as there are processors.
  const options = ["--root-owner-group", "-Zxz", "--threads-max=1"];
  execFileSync("dpkg-deb", [...options, "--build", root, join(output, file)], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(release.epoch) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return file;
};
