import { execFileSync, spawnSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";

/** The releases of Debian on which the project has to pass. */
export const SUITES = ["bookworm", "trixie"] as const;
export type Suite = (typeof SUITES)[number];

/** How to reach a mirror is this machine's to know: its proxies, and whether its mirror is a snapshot with old dates. */
const REACHES = /^Acquire::(?:https?|Retries|Check-Valid-Until|Check-Date)\b.* ".*";$/;

/**
 * Makes a Debian system from packages: an archive where `target` ends in ".tar", otherwise a directory. `target` is there
 * when it is complete, or not at all. Returns after some minutes.
 *
 * @param packages besides Debian's essential ones and apt
 */
export function bootstrap(
  suite: Suite,
  packages: readonly string[],
  target: string,
  say: (line: string) => void,
): void {
  needMmdebstrap(say);
  const options = output("apt-config", ["dump"])
    .split("\n")
    .filter((line) => REACHES.test(line));
  const unfinished = `${target.replace(/\.tar$/, "")}.${process.pid}${target.endsWith(".tar") ? ".tar" : ""}`;
  const args = [
    ...["--quiet", "--mode=root", "--variant=minbase", `--include=${packages.join(",")}`],
    '--aptopt=APT::Install-Recommends "false"',
    ...options.map((line) => `--aptopt=${line}`),
    ...[suite, unfinished, mirror()],
  ];
  const made = spawnSync("mmdebstrap", args, { encoding: "utf8" });
  if (made.status === 0) {
    renameSync(unfinished, target);
    return;
  }
  rmSync(unfinished, { recursive: true, force: true });
  throw new Error(
    `mmdebstrap ${suite}: ${made.error?.message ?? made.stderr.split("\n").slice(-20).join("\n")}`,
  );
}

/** Where this machine gets Debian from. */
function mirror(): string {
  const uris = output("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]);
  const uri = uris.split("\n").find((one) => /\/debian\/?$/.test(one));
  if (uri === undefined) throw new Error("no Debian among the sources of apt-get");
  return uri;
}

function needMmdebstrap(say: (line: string) => void): void {
  if (spawnSync("mmdebstrap", ["--version"]).error === undefined) return;
  say("installing mmdebstrap");
  const install = ["install", "-y", "-q", "--no-install-recommends", "mmdebstrap"];
  for (const args of [["update", "-q"], install]) output("apt-get", args);
}

function output(file: string, args: readonly string[]): string {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return execFileSync(file, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "inherit"] });
}
