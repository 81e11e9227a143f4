import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Bundled, copyrightOf } from "./bundled.ts";
import { AUTOSTART, hookTree, programsTree, selinuxTree } from "./contents.ts";
import type { Release } from "./release.ts";
import { copy, text, type Tree, writeTree } from "./tree.ts";

/** The packages of guestnet.spec, each with its licences. */
const trees = (bundled: readonly Bundled[]): Readonly<Record<string, Tree>> => ({
  guestnet: {
    ...programsTree("site-functions"),
    "usr/share/doc/guestnet/CHANGELOG.md": copy("CHANGELOG.md"),
    "usr/share/licenses/guestnet/LICENSE": text(copyrightOf(bundled)),
  },
  "guestnet-hook": {
    ...hookTree(),
    // Where no preset names a unit, Fedora and RHEL leave it disabled.
    "usr/lib/systemd/system-preset/80-guestnet.preset": text(`enable ${AUTOSTART}\n`),
    "usr/share/licenses/guestnet-hook/LICENSE": text(copyrightOf([])),
  },
  "guestnet-selinux": {
    ...selinuxTree(),
    "usr/share/licenses/guestnet-selinux/LICENSE": text(copyrightOf([])),
  },
});

/** The folders that are this package's own: all others are the system's, or shared with other packages. */
const OWN =
  /^usr\/(?:share\/(?:doc\/|licenses\/)?|libexec\/)guestnet(?:-\w+)?(?:\/|$)|^usr\/lib\/systemd\/system\/guestnet[^/]*\.d(?:\/|$)/;

const fileList = (tree: Tree): string => {
  const folders = new Set<string>();
  for (const path of Object.keys(tree)) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join("/");
      if (OWN.test(folder)) folders.add(folder);
    }
  }
  const mark = (path: string): string => (path.includes("/licenses/") ? "%license " : "");
  return [
    ...[...folders].sort().map((folder) => `%dir /${folder}\n`),
    ...Object.keys(tree)
      .sort()
      .map((path) => `${mark(path)}/${path}\n`),
  ].join("");
};

/** `Fri Nov 27 2026`, as a %changelog wants it. */
const changelogDate = (epoch: number): string => {
  const [weekday = "", day = "", month = "", year = ""] = new Date(epoch * 1000).toUTCString().split(/,? /);
  return `${weekday} ${month} ${day} ${year}`;
};

/** What makes rpmbuild's bytes depend on its input alone, and readable for every rpm from RHEL 9 on. */
const REPRODUCIBLE = {
  _buildhost: "localhost",
  use_source_date_epoch_as_buildtime: "1",
  clamp_mtime_to_source_date_epoch: "1",
  _binary_payload: "w19.zstdio",
  _binary_filedigest_algorithm: "8",
  // What is built here runs nowhere here: nothing to strip, to compile or to rename.
  __os_install_post: "%{nil}",
} as const;

/**
 * Makes the .rpm packages with rpmbuild, of guestnet.spec.
 *
 * @returns the names of the files
 */
export const makeRpms = (
  bundled: readonly Bundled[],
  release: Release,
  work: string,
  output: string,
): readonly string[] => {
  const [stage, lists, built] = [join(work, "rpm-stage"), join(work, "rpm-files"), join(work, "rpm-built")];
  for (const folder of [stage, lists, built]) mkdirSync(folder, { recursive: true });
  for (const [name, tree] of Object.entries(trees(bundled))) {
    writeTree(tree, stage, release.epoch);
    writeFileSync(join(lists, name), fileList(tree));
  }
  const defines = {
    ...REPRODUCIBLE,
    _topdir: join(work, "rpm-top"),
    _rpmdir: built,
    _rpmfilename: "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
    stage,
    filelists: lists,
    release_version: release.version,
    packager_name: release.maintainer,
    changelog_date: changelogDate(release.epoch),
  };
  const args = Object.entries(defines).flatMap(([name, value]) => ["--define", `${name} ${value}`]);
  execFileSync(
    "rpmbuild",
    ["--quiet", "--target", "noarch", ...args, "-bb", resolve("packaging/guestnet.spec")],
    {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(release.epoch) },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const files = readdirSync(built).sort();
  for (const file of files) cpSync(join(built, file), join(output, file));
  return files;
};
