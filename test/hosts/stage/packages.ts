import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { bundledIn } from "../../../packaging/bundled.ts";
import { makeDeb } from "../../../packaging/deb.ts";
import { debs } from "../../../packaging/debs.ts";
import type { Host } from "../host.ts";

/** Packages of this build, in a directory that hosts see. */
export interface BuiltPackages {
  /** Installs both packages of a version, whatever is installed, as apt does without network. */
  readonly install: (host: Host, version: string) => Promise<string>;
  /** The script that does it, in a host or in the root directory of one. */
  readonly script: (version: string) => string;
  readonly remove: () => void;
}

/** Builds both packages in these versions. Their contents are this build's; only the version differs. */
export const buildPackages = (versions: readonly string[]): BuiltPackages => {
  mkdirSync("release", { recursive: true });
  const folder = mkdtempSync("release/hosts-");
  for (const version of versions) {
    const at = join(folder, version);
    mkdirSync(at);
    const release = {
      ...{ version, epoch: 1_700_000_000, changelog: "# Changelog\n" },
      maintainer: "guestnet maintainers <guestnet@users.noreply.github.com>",
      homepage: "https://github.com/guestnet/guestnet",
    };
    for (const deb of debs(bundledIn("dist"))) makeDeb(deb, release, join(at, "work"), at);
  }
  // Debian 13's system has the lab's Node.js, not the package that guestnet depends on.
  const script = (version: string): string => `[ -e /usr/bin/node ] || ln -s /usr/local/bin/node /usr/bin/node
dpkg --force-depends --install /opt/project/release/${basename(folder)}/${version}/*.deb 2>&1`;
  return {
    script,
    install: (host, version) => host.sh(script(version)),
    remove() {
      rmSync(folder, { recursive: true });
    },
  };
};
