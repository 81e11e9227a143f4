import { renameSync, rmSync } from "node:fs";
import { debianMirror } from "../lab/packages/debian-mirror.ts";
import { outputOf, runProgram } from "../support/run-program.ts";

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
 * @param files packages that are not installed: their files are in /opt/packages
 */
export function bootstrap(
  suite: Suite,
  packages: readonly string[],
  target: string,
  say: (line: string) => void,
  files: readonly string[] = [],
): void {
  needMmdebstrap(say);
  const options = output("apt-config", ["dump"])
    .split("\n")
    .filter((line) => REACHES.test(line));
  const unfinished = `${target.replace(/\.tar$/, "")}.${process.pid}${target.endsWith(".tar") ? ".tar" : ""}`;
  const fetched = `mkdir -p /opt/packages && cd /opt/packages && apt-get -q download ${files.join(" ")}`;
  const args = [
    ...(files.length === 0 ? [] : [`--customize-hook=chroot "$1" sh -c "${fetched}"`]),
    ...["--quiet", "--mode=root", "--variant=minbase", `--include=${packages.join(",")}`],
    '--aptopt=APT::Install-Recommends "false"',
    ...options.map((line) => `--aptopt=${line}`),
    ...[suite, unfinished, debianMirror()],
  ];
  const made = runProgram("mmdebstrap", args);
  if (made.status === 0) {
    renameSync(unfinished, target);
    return;
  }
  rmSync(unfinished, { recursive: true, force: true });
  throw new Error(`mmdebstrap ${suite}: ${made.stderr.split("\n").slice(-20).join("\n")}`);
}

function needMmdebstrap(say: (line: string) => void): void {
  if (runProgram("mmdebstrap", ["--version"]).status !== null) return;
  say("installing mmdebstrap");
  const install = ["install", "-y", "-q", "--no-install-recommends", "mmdebstrap"];
  for (const args of [["update", "-q"], install]) output("apt-get", args);
}

function output(file: string, args: readonly string[]): string {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return outputOf(file, args, { env });
}
