import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { outputOf } from "../support/run-program.ts";
import { bootstrap, type Suite } from "../fresh/bootstrap.ts";
import { cached } from "../lab/cache.mjs";

/** What a virtualization host of Debian has. Each network manager is there and off: a test starts the one that it is about. */
const PACKAGES: readonly string[] = [
  ...["systemd", "systemd-sysv", "dbus", "udev", "kmod", "procps", "ca-certificates", "socat"],
  ...["iproute2", "iputils-ping", "nftables", "apparmor", "openssh-server"],
  ...["libvirt-daemon-system", "libvirt-daemon-driver-qemu", "libvirt-clients"],
  ...["qemu-system-x86", "qemu-utils", "genisoimage"],
  ...["network-manager", "ifupdown2", "netplan.io", "networkd-dispatcher"],
];

/** What cannot be installed beside one of these: a test installs it from its file in /opt/packages. */
const FILES_OF_PACKAGES: readonly string[] = ["ifupdown"];

/** The JavaScript engine that runs the hook: Debian 12 has no QuickJS. */
const ENGINE: Readonly<Record<Suite, string>> = { bookworm: "nodejs", trixie: "quickjs" };

/** The units that a host of the lab has on from its start. All others cost seconds at each boot; a test turns on what it is about. */
const ON: readonly string[] = [
  ...["guestnet-lab.service", "libvirtd.service", "libvirtd.socket", "libvirtd-ro.socket"],
  ...["virtlogd.socket", "libvirt-guests.service"],
];

/** The lab's agent as a unit. It is there before anything that a test may want to look at. */
const AGENT = `[Unit]
Description=Agent of guestnet's lab
DefaultDependencies=no
After=systemd-tmpfiles-setup.service systemd-journald.service
Conflicts=shutdown.target
Before=shutdown.target
[Service]
Environment=HOME=/root LC_ALL=C.UTF-8
ExecStart=/bin/sh -c 'stty -F /dev/ttyS0 raw -echo; exec node /opt/project/test/lab/agent.mjs <>/dev/ttyS0 >&0'
StandardError=journal
[Install]
WantedBy=sysinit.target
`;

/** The files of a host that no package brings. */
const FILES: Readonly<Record<string, string>> = {
  "etc/fstab": "",
  "etc/resolv.conf": "",
  "etc/systemd/system-preset/00-lab.preset": [...ON.map((unit) => `enable ${unit}`), "disable *", ""].join(
    "\n",
  ),
  "etc/systemd/system/guestnet-lab.service": AGENT,
  // Guests of the lab do not react to a power button, and five minutes are long.
  "etc/default/libvirt-guests": "ON_SHUTDOWN=shutdown\nSHUTDOWN_TIMEOUT=5\n",
};

/** The root directory of a release's system, whether or not it has been made. Its name changes with what it is made of. */
export function systemOf(suite: Suite): string {
  const made = JSON.stringify([PACKAGES, FILES_OF_PACKAGES, ENGINE[suite], FILES, process.version]);
  return cached("hosts", `${suite}-${createHash("sha256").update(made).digest("hex").slice(0, 12)}`);
}

/** The directory where the consoles of a run's hosts are kept; the next run of the same name writes it anew. */
export const logsOf = (run: string): string => cached("hosts", "logs", run);

/**
 * Makes the system of a release from Debian's packages, unless that has been done. Takes some minutes.
 *
 * @param warm starts it once, so that it keeps what takes long the first time
 */
export async function makeSystem(
  suite: Suite,
  warm: (root: string) => Promise<void>,
  say: (line: string) => void,
): Promise<void> {
  const root = systemOf(suite);
  if (existsSync(root)) return;
  say(`making ${root}: some minutes, once`);
  mkdirSync(dirname(root), { recursive: true });
  const draft = `${root}.${process.pid}`;
  try {
    bootstrap(suite, [...PACKAGES, ENGINE[suite]], draft, say, FILES_OF_PACKAGES);
    // Where npm's users have it. Debian 12's own is too old for the programs, and the hook runs on it.
    install(process.execPath, join(draft, "usr/local/bin/node"));
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(draft, file)), { recursive: true });
      writeFileSync(join(draft, file), text);
    }
    for (const directory of ["opt/project", "opt/guest-image", "var/log/journal"]) {
      mkdirSync(join(draft, directory), { recursive: true });
    }
    outputOf("chroot", [draft, "systemctl", "preset-all"]);
    await warm(draft);
    // Another run may have made it meanwhile.
    if (!existsSync(root)) renameSync(draft, root);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function install(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
