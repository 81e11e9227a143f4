import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { outputOf, runProgram } from "../../support/run-program.ts";
import { PACKAGES, type Package } from "./packages.ts";
import { programFile } from "../programs.ts";

/** The wanted packages that this machine lacks. Where there is no dpkg, those with programs count alone. */
export function missingPackages(
  wanted: Readonly<Record<string, readonly string[]>> = PACKAGES,
): readonly string[] {
  const installed = installedPackages(Object.keys(wanted));
  return Object.entries(wanted).flatMap(([name, programs]) => (isMissing(name, programs) ? [name] : []));

  function isMissing(name: string, programs: readonly string[]): boolean {
    // A program may come from elsewhere: another package, /usr/local.
    if (programs.length > 0) return programs.some((program) => programFile(program) === undefined);
    return installed !== undefined && !installed.has(name);
  }
}

/** Those of the packages that dpkg has installed; undefined where there is no dpkg. */
function installedPackages(names: readonly string[]): ReadonlySet<string> | undefined {
  const format = "${db:Status-Status} ${Package}\n";
  const { status, stdout } = runProgram("dpkg-query", ["-W", "-f", format, ...names]);
  if (status === null) return undefined;
  const installed = stdout.split("\n").filter((line) => line.startsWith("installed "));
  return new Set(installed.map((line) => line.slice("installed ".length)));
}

/** Installs packages with apt-get, or fails with the command that a person would have to run. */
export function installPackages(names: readonly string[], say: (line: string) => void): void {
  const command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", ...names];
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(`the lab needs packages that are not here. As root, on Debian: ${command.join(" ")}`);
  }
  if (names.includes("cloud-init")) keepCloudInitOff();
  for (const [name, unit] of DAEMONS) if (names.includes(name)) keepOff(unit);
  say(`installing ${names.join(" ")}`);
  apt(["apt-get", "update", "-q"]);
  apt(command);
}

/** The lab wants its programs; at the next boot it would take this machine for a new one (cloud-init(1), "disabling"). */
function keepCloudInitOff(): void {
  mkdirSync("/etc/cloud", { recursive: true });
  writeFileSync(
    "/etc/cloud/cloud-init.disabled",
    "The guestnet lab installed cloud-init for its tests only.\n",
  );
}

/** Daemons that the lab starts itself, in its machines: this machine's own routes and logins are no business of theirs. */
const DAEMONS: readonly (readonly [Package, string])[] = [
  ["bird2", "bird.service"],
  ["frr", "frr.service"],
  ["openssh-server", "ssh.service"],
  ["prometheus", "prometheus.service"],
  ["openvswitch-switch", "openvswitch-switch.service"],
  ["openvswitch-switch", "ovs-record-hostname.service"],
];

/** Masks a unit before its package comes and would start it (systemctl(1), "mask"); one that is set up already stays as it is. */
function keepOff(unit: string): void {
  const file = `/etc/systemd/system/${unit}`;
  if (existsSync(file)) return;
  mkdirSync("/etc/systemd/system", { recursive: true });
  symlinkSync("/dev/null", file);
}

function apt([command = "", ...args]: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  outputOf(command, args, { env });
}
