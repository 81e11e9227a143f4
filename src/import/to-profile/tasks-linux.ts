import type { Account } from "../report/account.ts";
import type { Kernel } from "./kernel.ts";
import type { SourceGuest } from "../source-guest.ts";
import type { MappedBoot } from "./to-boot.ts";
import type { MappedDisks, Renamed } from "./to-disks.ts";

const VIRTIO = "virtio_pci virtio_blk virtio_scsi virtio_net virtio_console";

const initramfs = (account: Account, kernel: Kernel | null, host: boolean): void => {
  const where = host
    ? "the initial RAM disk of the kernel that is booted directly"
    : "the guest's initial RAM disk";
  account.task(
    "before",
    `Put the virtio drivers into ${where}, or the kernel will not find its disks. Debian and Ubuntu: add \`${VIRTIO}\` to /etc/initramfs-tools/modules, one on a line, and run \`update-initramfs -u -k all\`. Fedora, RHEL, SUSE: \`dracut --force --no-hostonly --regenerate-all\`.`,
  );
  if (kernel !== "linux" || !host)
    account.task(
      "before",
      "Install a kernel that runs without Xen (any distribution's usual one since 2.6.25; not a -xen or -xenU one): `uname -r` shows the one that runs now.",
    );
};

const names = (renamed: readonly Renamed[]): string =>
  renamed.map(({ from, to }) => `/dev/${from} → /dev/${to}`).join(", ");

/** What is to be done in a Linux guest: drivers, names of disks and interfaces, console, clock. */
export const addLinuxTasks = (
  guest: SourceGuest,
  disks: MappedDisks,
  boot: MappedBoot,
  account: Account,
): void => {
  const { renamed } = disks;
  const isPv = guest.type !== "hvm";
  initramfs(account, boot.kernel, boot.boot !== null);
  const hard = renamed.filter(({ device }) => device === "disk");
  if (hard.length > 0)
    account.task(
      "before",
      `In /etc/fstab, /etc/crypttab, GRUB's configuration and swap, name file systems by UUID or LABEL (\`blkid\`; LVM needs nothing). What stays by device name changes: ${names(hard)}.`,
    );
  if (boot.boot === null && isPv && !renamed.some(({ isPartition }) => isPartition) && hard.length > 0)
    account.task(
      "before",
      `The guest boots from its own disk now: install GRUB into its first sectors, \`grub-install /dev/${hard[0]?.from ?? ""}\` (a menu.lst alone is not enough), and see that its menu begins the usual kernel.`,
    );
  if (isPv) {
    account.task(
      "before",
      "Let somebody log in on the serial port: `systemctl enable serial-getty@ttyS0` (or a line for ttyS0 in /etc/inittab), and `console=ttyS0,115200` instead of `console=hvc0` in GRUB's configuration.",
    );
    account.task(
      "before",
      "Take `clocksource=xen` and `xen.independent_wallclock` out of sysctl and GRUB's configuration; run an NTP service.",
    );
  }
  if (guest.nics.length > 0) {
    const news = guest.nics.map((_, index) => `eth${index} or enX${index} → enp${index + 1}s0`).join(", ");
    account.task(
      "before",
      `The network interfaces get other names: ${news} (look: \`ip link\`). Configure them by MAC address, which stays, and remove /etc/udev/rules.d/70-persistent-net.rules.`,
    );
  }
  account.task(
    "inside",
    "`lsblk`, `swapon --show`, `ip address`, `journalctl -b -p warning`: disks, swap and addresses are there.",
  );
  account.task(
    "inside",
    "Install qemu-guest-agent; remove Xen's packages (xe-guest-utilities, xen-utils, xenfs in /etc/fstab, xen-* in /etc/modules).",
  );
};
