import type { Report } from "../report/report.ts";
import type { MappedBoot } from "./boot.ts";
import type { Kernel } from "../kernel-name.ts";
import type { SourceGuest } from "../source-guest.ts";
import type { MappedDisks, Renamed } from "./disks.ts";
import { quoteWord } from "../../values/shell-word.ts";

const VIRTIO = "virtio_pci virtio_blk virtio_scsi virtio_net virtio_console";

const initramfs = (report: Report, kernel: Kernel | null, host: boolean): void => {
  const where = host
    ? "the initial RAM disk of the kernel that is booted directly"
    : "the guest's initial RAM disk";
  report.task(
    "before",
    `Add the virtio drivers to ${where}; without them the kernel does not find its disks. Debian and Ubuntu: add \`${VIRTIO}\` to /etc/initramfs-tools/modules, one on a line, and run \`update-initramfs -u -k all\`. Fedora, RHEL, SUSE: \`dracut --force --no-hostonly --regenerate-all\`.`,
  );
  if (kernel !== "linux" || !host)
    report.task(
      "before",
      "Install a kernel that runs without Xen (a standard one since 2.6.25, not a -xen or -xenU one). `uname -r` shows the running kernel.",
    );
};

const names = (renamed: readonly Renamed[]): string =>
  renamed.map(({ from, to }) => `/dev/${from} → /dev/${to}`).join(", ");

/** Adds the steps in a Linux guest: drivers, names of disks and interfaces, console, clock. */
export const addLinuxTasks = (
  guest: SourceGuest,
  disks: MappedDisks,
  boot: MappedBoot,
  report: Report,
): void => {
  const { renamed } = disks;
  const { because } = guest.system;
  if (because !== null)
    report.task(
      "before",
      `The guest is probably Linux: ${because}. This is a guess. If it is Windows, set \`"bus": "sata"\` for its disks and \`"model": "e1000"\` for its NICs until it has the virtio drivers.`,
    );
  const isPv = guest.type !== "hvm";
  initramfs(report, boot.kernel, boot.boot !== null);
  const hard = renamed.filter(({ device }) => device === "disk");
  if (hard.length > 0)
    report.task(
      "before",
      `In /etc/fstab, /etc/crypttab, GRUB's configuration and swap, name file systems by UUID or LABEL (\`blkid\`; LVM needs nothing). Names that you keep change: ${names(hard)}.`,
    );
  if (boot.boot === null && isPv && !renamed.some(({ isPartition }) => isPartition) && hard.length > 0)
    report.task(
      "before",
      `The guest now boots from its own disk: install GRUB with \`grub-install /dev/${hard[0]?.from ?? ""}\` (a menu.lst is not enough). Check that its menu starts the standard kernel.`,
    );
  if (isPv) {
    report.task(
      "before",
      "Enable a login on the serial port: `systemctl enable serial-getty@ttyS0` (or a line for ttyS0 in /etc/inittab), and `console=ttyS0,115200` instead of `console=hvc0` in GRUB's configuration.",
    );
    report.task(
      "before",
      "Remove `clocksource=xen` and `xen.independent_wallclock` from sysctl and GRUB's configuration; run an NTP service.",
    );
  }
  if (guest.nics.length > 0) {
    const news = guest.nics.map((_, index) => `eth${index} or enX${index} → enp${index + 1}s0`).join(", ");
    report.task(
      "before",
      `The network interfaces get new names: ${news} (check with \`ip link\`). Configure them by MAC address, which does not change, and remove /etc/udev/rules.d/70-persistent-net.rules.`,
    );
  }
  report.task(
    "inside",
    "Check disks, swap and addresses: `lsblk`, `swapon --show`, `ip address`, `journalctl -b -p warning`.",
  );
  report.task(
    "inside",
    "Install qemu-guest-agent; remove Xen's packages (xe-guest-utilities, xen-utils, xenfs in /etc/fstab, xen-* in /etc/modules).",
  );
};

/** Volumes that are each one partition have no partition table, so there is no place for a boot loader. */
const partitions = ({ renamed }: MappedDisks, { boot, byBootloader }: MappedBoot, report: Report): void => {
  const volumes = renamed.filter(({ isPartition }) => isPartition);
  if (volumes.length === 0) return;
  const list = volumes.map(({ from, to, source }) => `${source} (${from} → ${to})`).join(", ");
  const [root] = volumes;
  const direct =
    boot === null
      ? `(a) Keep the volumes and boot a kernel on the host. After every update, copy /boot/vmlinuz-… and /boot/initrd.img-… from ${root?.source ?? ""}. In the profile, set \`"boot": { "kernel": …, "initrd": …, "cmdline": "root=/dev/${root?.to ?? ""} ro console=ttyS0" }\`.`
      : `(a) Keep the volumes: the profile boots ${boot.kernel} on the host, with \`${boot.cmdline ?? ""}\`.`;
  const text = `The guest's disks are single partitions: ${list}. Each becomes a whole disk without partition table and boot loader. There are two solutions. ${direct} (b) Create one whole disk: partition a new image, copy the volumes into its partitions, and install GRUB. Set that image in the profile.`;
  report.task(
    "host",
    text,
    byBootloader || boot === null ? "person" : "step",
    byBootloader || boot === null ? "its disks are single partitions and contain its kernel" : null,
  );
};

const windows = ({ system }: SourceGuest, report: Report): void => {
  report.task(
    "before",
    `The guest is probably Windows: ${system.because ?? ""}. This is a guess. If it is another system, remove \`bus\`, \`model\` and \`clock\` from the profile. Its disks become /dev/vda and so on, so name file systems in /etc/fstab by UUID or LABEL first.`,
    system.isWeak ? "person" : "step",
    `whether it is Windows is a guess (${system.because ?? ""})`,
  );
  report.task(
    "before",
    "Uninstall Xen's paravirtual drivers (they can prevent booting) and install those of virtio-win. If there is a snapshot, keep it until the guest runs.",
  );
  report.task(
    "inside",
    "The disks are on SATA and the NIC is an e1000, which require no new driver. After installing viostor and NetKVM, change `bus` and `model` to virtio in the profile.",
  );
  report.task(
    "inside",
    "Windows treats the NIC as a new one: set its address again. Windows may require activation again.",
  );
};

/** Returns the steps for this guest, with the person and the time. */
export const addTasks = (
  guest: SourceGuest,
  disks: MappedDisks,
  boot: MappedBoot,
  profile: { readonly name: string },
  report: Report,
): void => {
  const { name } = profile;
  report.task(
    "before",
    `Save Xen's state of the running guest: \`xl list -l ${guest.name.value === name ? quoteWord(name) : "NAME"}\`, or \`virsh dumpxml\`.`,
  );
  if (guest.system.kind === "windows") windows(guest, report);
  else if (guest.system.kind === "linux" && boot.kernel !== "no-linux")
    addLinuxTasks(guest, disks, boot, report);
  else
    report.task(
      "before",
      `Not a known Linux or Windows system${guest.system.because === null ? "" : ` (${guest.system.because})`}. Check that it has virtio drivers, and how they name disks and NICs (NetBSD: ld and vioif; FreeBSD: vtbd and vtnet).`,
      "person",
      "a system that is neither Linux nor Windows",
    );
  partitions(disks, boot, report);
  for (const { source, from, device } of disks.renamed) {
    if (source === "") continue;
    const what =
      device === "cdrom"
        ? "the disc image"
        : source.startsWith("/dev/")
          ? `the block device of ${from}`
          : `the file of ${from}`;
    report.task(
      "host",
      `Stop the guest and copy ${what} to this host: \`${source}\`${source.startsWith("/dev/") && device === "disk" ? " (a volume of at least the same size)" : ""}.`,
    );
  }
  if (boot.boot !== null)
    report.task(
      "host",
      `Copy the kernel to this host: ${[boot.boot.kernel, ...(boot.boot.initrd === undefined ? [] : [boot.boot.initrd])].map((file) => `\`${file}\``).join(" and ")}.`,
    );
  const devices = guest.hostDevices.map((device) =>
    device.kind === "pci" ? `PCI ${device.address}` : `USB ${device.id}`,
  );
  if (devices.length > 0)
    report.task(
      "host",
      `The guest had devices of the old host: ${[...new Set(devices)].join(", ")}. They are disabled in \`hostDevices\`: find them on this host (\`lspci -D\`, \`lsusb\`), set their addresses, and remove \`"enabled": false\`. PCI requires an IOMMU.`,
      "person",
      "devices of the old host",
    );
  report.task(
    "host",
    `\`genxml ${quoteWord(`${name}.json`)} | virsh define --validate /dev/stdin\`, then \`virsh start ${quoteWord(name)}\`; if /etc/xen/auto had it, \`virsh autostart ${quoteWord(name)}\`.`,
  );
};
