import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What all packages of a release have in common. */
export interface Release {
  readonly version: string;
  readonly maintainer: string;
  readonly homepage: string;
  /** SOURCE_DATE_EPOCH (reproducible-builds.org): every time in the packages, in seconds. */
  readonly epoch: number;
  readonly changelog: string;
}

/** The time of the last commit, unless the environment says another. */
const epoch = (): number => {
  const said = process.env["SOURCE_DATE_EPOCH"];
  if (said !== undefined && !/^\d+$/.test(said)) throw new Error(`SOURCE_DATE_EPOCH: no number: ${said}`);
  return Number(said ?? execFileSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" }));
};

export const readRelease = (): Release => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
  return {
    version,
    maintainer: "guestnet maintainers <guestnet@users.noreply.github.com>",
    homepage: "https://github.com/guestnet/guestnet",
    epoch: epoch(),
    changelog: readFileSync("CHANGELOG.md", "utf8"),
  };
};
