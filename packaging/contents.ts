import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { NETWORK_MANAGER, NETWORKD } from "../src/doctor/tap-protection.ts";
import { copies, copy, type Entry, link, text, type Tree } from "./tree.ts";

/** Where the programs lie; what runs them is the distribution's Node.js, not the first in somebody's PATH. */
const PROGRAMS = "usr/share/guestnet";
const NODE = "#!/usr/bin/node\n";

/** gzip(1), with neither a name nor a time in it. */
export const gzipped = (entry: Entry): Entry => {
  if (entry.kind !== "file") throw new Error("only a file can be compressed");
  return { ...entry, bytes: gzipSync(entry.bytes, { level: 9 }) };
};

const program = (name: string, zsh: string): Tree => {
  const built = copy(`dist/${name}.js`, 0o755);
  if (built.kind !== "file") return {};
  const source = Buffer.from(built.bytes).toString();
  return {
    [`${PROGRAMS}/${name}.js`]: text(source.replace(/^#!.*\n/, NODE), 0o755),
    [`usr/bin/${name}`]: link(`../share/guestnet/${name}.js`),
    ...completions(name, zsh),
  };
};

const HOOK_PAGE = "guestnet-hook.7";

/** The manual pages that were built, each in the folder of its section. */
const manualPages = (wanted: (page: string) => boolean): Tree =>
  Object.fromEntries(
    readdirSync("dist/man")
      .filter(wanted)
      .map((page) => [`usr/share/man/man${page.slice(-1)}/${page}.gz`, gzipped(copy(`dist/man/${page}`))]),
  );

/** Where each shell looks for completions. */
const completions = (name: string, zsh: string): Tree => {
  const print = (shell: string): Entry =>
    text(execFileSync(process.execPath, [`dist/${name}.js`, "completion", shell], { encoding: "utf8" }));
  return {
    [`usr/share/bash-completion/completions/${name}`]: print("bash"),
    [`usr/share/zsh/${zsh}/_${name}`]: print("zsh"),
    [`usr/share/fish/vendor_completions.d/${name}.fish`]: print("fish"),
  };
};

/**
 * The package `guestnet`: the programs and what belongs to them.
 *
 * @param zsh the folder of zsh's completions, which has another name on Debian
 */
export const programsTree = (zsh: "vendor-completions" | "site-functions"): Tree => ({
  ...program("genxml", zsh),
  ...program("guestnet", zsh),
  ...manualPages((page) => page !== HOOK_PAGE),
  ...copies("dist/commands", `${PROGRAMS}/commands`),
  ...copies("dist/guestnet", `${PROGRAMS}/guestnet`),
  [`${PROGRAMS}/package.json`]: copy("dist/package.json"),
  ...copies("schema", `${PROGRAMS}/schema`),
  ...copies("templates", `${PROGRAMS}/templates`),
  // Ansible reads the first line of a module, and does not run the file.
  ...copies("ansible", `${PROGRAMS}/ansible`, 0o644),
  ...copies("fixtures/guests", "usr/share/doc/guestnet/examples"),
  ...copies("docs", "usr/share/doc/guestnet/docs"),
  "usr/share/doc/guestnet/README.md": copy("README.md"),
});

const UNITS = "usr/lib/systemd/system";

/** The units are for hosts that have the programs and libvirt's; without them they would fail at each tap, or again and again. */
const WHERE_PROGRAMS_ARE = `[Unit]
ConditionFileIsExecutable=/usr/bin/guestnet
ConditionFileIsExecutable=/usr/bin/virsh
`;

/** A unit as the package has it: npm's programs are in /usr/local/bin. */
const service = (name: string): Tree => {
  const template = readFileSync(`templates/systemd/${name}`, "utf8");
  const unit = template.replace("ExecStart=/usr/local/bin/guestnet ", "ExecStart=/usr/bin/guestnet ");
  if (unit === template) throw new Error(`${name} has no ExecStart=/usr/local/bin/guestnet`);
  return {
    [`${UNITS}/${name}`]: text(unit),
    [`${UNITS}/${name}.d/10-package.conf`]: text(WHERE_PROGRAMS_ARE),
  };
};

/** The unit that is enabled when the package is installed. It starts at the next boot. */
export const AUTOSTART = "guestnet-autostart.service";

/** The package `guestnet-hook`: the hook, what registers it with libvirt, and what systemd and network managers read. */
export const hookTree = (): Tree => ({
  "usr/sbin/guestnet-hook": copy("dist/hooks/qemu", 0o755),
  "usr/libexec/guestnet/register-hook": copy("packaging/hook/register-hook", 0o755),
  ...service("guestnet-apply.service"),
  ...service(AUTOSTART),
  [`${UNITS}/guestnet-apply.path`]: copy("templates/systemd/guestnet-apply.path"),
  "usr/lib/udev/rules.d/90-guestnet.rules": copy("templates/systemd/90-guestnet.rules"),
  [NETWORKD.packaged]: copy("templates/network-managers/05-guestnet.network"),
  [NETWORK_MANAGER.packaged]: copy("templates/network-managers/50-guestnet.conf"),
  "usr/lib/NetworkManager/dispatcher.d/50-guestnet": copy(
    "templates/network-managers/networkmanager-dispatcher",
    0o755,
  ),
  ...manualPages((page) => page === HOOK_PAGE),
  "usr/share/doc/guestnet-hook/SECURITY.md": copy("SECURITY.md"),
});

/** The package `guestnet-selinux`, for distributions with SELinux. */
export const selinuxTree = (): Tree => ({
  "usr/share/selinux/packages/guestnet.cil": copy("packaging/selinux/guestnet.cil"),
});
