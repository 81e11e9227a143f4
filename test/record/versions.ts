import { readFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { labEnv } from "../lab/lab-env.ts";
import { quickJs } from "../lab/quickjs.ts";
import { umlKernel } from "../lab/kernels/uml-kernel.ts";
import { runProgram } from "../support/run-program.ts";
import type { Versions } from "./record.ts";

/** What a program says first that looks like a version. */
const said = (program: string | null | undefined, option: string): string => {
  if (program === null || program === undefined) return "none";
  const { stdout, stderr } = runProgram(program, [option], { env: labEnv() });
  return /\d+\.\d[\d.]*|\d{4}-\d\d-\d\d/.exec(`${stdout}${stderr}`)?.[0] ?? "unknown";
};

/** The programs that a run used on this machine. */
export const versionsHere = (): Versions => ({
  libvirt: said("libvirtd", "--version"),
  QEMU: said("qemu-system-x86_64", "--version"),
  iproute2: said("ip", "-V"),
  nftables: said("nft", "--version"),
  "Node.js": process.versions.node,
  QuickJS: said(quickJs(), "-h"),
  "Linux, for routed guests": release().replace(/-.*/, ""),
  "Linux, for bridges": said(umlKernel()?.binary, "--version"),
});

/** Packages of whole hosts, with the words of the table. */
const PACKAGES: Readonly<Record<string, string>> = {
  systemd: "systemd",
  "libvirt-daemon": "libvirt",
  "qemu-system-x86": "QEMU",
  "network-manager": "NetworkManager",
  ifupdown2: "ifupdown2",
  "netplan.io": "netplan",
};

/** The upstream versions of packages that are installed in a system's root directory, as dpkg's status file has them. */
export const versionsOfPackages = (root: string): Versions => {
  const status = readFileSync(join(root, "var/lib/dpkg/status"), "utf8");
  const versions = status.split("\n\n").flatMap((entry) => {
    const words = PACKAGES[/^Package: (.*)$/m.exec(entry)?.[1] ?? ""];
    const version = /^Version: (?:\d+:)?([\d.]+)/m.exec(entry)?.[1];
    return words === undefined || version === undefined ? [] : [[words, version] as const];
  });
  return Object.fromEntries(versions.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};
