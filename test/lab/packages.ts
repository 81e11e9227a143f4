import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";

/** Debian's packages, each with a file, or one of several, by which one sees that it is there, whatever the distribution. */
const packages: Readonly<Record<string, string | readonly string[]>> = {
  "libvirt-daemon-system": "/usr/sbin/libvirtd",
  "libvirt-daemon-driver-qemu": "/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so",
  "libvirt-clients": "/usr/bin/virsh",
  "qemu-system-x86": "/usr/bin/qemu-system-x86_64",
  "qemu-system-data": "/usr/share/qemu/firmware",
  seabios: "/usr/share/seabios/bios-256k.bin",
  ovmf: "/usr/share/OVMF",
  "ipxe-qemu": ["/usr/lib/ipxe/qemu", "/usr/share/qemu/pxe-virtio.rom"],
  iproute2: "/sbin/ip",
  "iputils-ping": "/bin/ping",
  nftables: "/usr/sbin/nft",
  tcpdump: "/usr/bin/tcpdump",
  socat: "/usr/bin/socat",
  "busybox-static": "/bin/busybox",
  procps: "/usr/bin/pgrep",
  "libxml2-utils": "/usr/bin/xmllint",
  "cloud-init": "/usr/bin/cloud-init",
  genisoimage: "/usr/bin/genisoimage",
  apparmor: "/sbin/apparmor_parser",
  "user-mode-linux": "/usr/bin/linux.uml", // stands in for a kernel that cannot do it all, and has AppArmor
  bird2: "/usr/sbin/bird",
  frr: "/usr/lib/frr/bgpd",
  "openssh-client": "/usr/bin/ssh",
  "openssh-server": "/usr/sbin/sshd",
};

/** The names of the packages that the lab needs and this machine lacks. */
export function missingPackages(): readonly string[] {
  const missing = Object.entries(packages).filter(([, files]) => ![files].flat().some(existsSync));
  return missing.map(([name]) => name);
}

/** Installs packages with apt-get, or fails with the command that a person would have to run. */
export function installPackages(names: readonly string[], say: (line: string) => void): void {
  const command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", ...names];
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(`the lab needs packages that are not here. As root, on Debian: ${command.join(" ")}`);
  }
  if (names.includes("cloud-init")) keepCloudInitOff();
  for (const [name, unit] of Object.entries(DAEMONS)) if (names.includes(name)) keepOff(unit);
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
const DAEMONS = { bird2: "bird.service", frr: "frr.service", "openssh-server": "ssh.service" } as const;

/** Masks a unit before its package comes and would start it (systemctl(1), "mask"); one that is set up already stays as it is. */
function keepOff(unit: string): void {
  const file = `/etc/systemd/system/${unit}`;
  if (existsSync(file)) return;
  mkdirSync("/etc/systemd/system", { recursive: true });
  symlinkSync("/dev/null", file);
}

function apt([command = "", ...args]: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", env });
  if (status === 0) return;
  const output = (stdout + stderr).split("\n").slice(-30).join("\n");
  throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `status ${status}`}\n${output}`);
}
