/** The kind of a kernel file of dom0, derived from its path. */
export type Kernel = "firmware" | "boot-loader" | "no-linux" | "no-x86" | "xen-only" | "linux" | "unknown";

const NAMES: readonly (readonly [Kernel, RegExp])[] = [
  ["firmware", /(^|\/)hvmloader[^/]*$/],
  // The kernels of illumos and Solaris: /platform/i86xpv/kernel/amd64/unix.
  [
    "no-linux",
    /\/i86(xpv|pc)\/|(^|\/)(gen)?unix$|solaris|illumos|omnios|smartos|openindiana|nexenta|(bsd|xen3_domu)[^/]*$/i,
  ],
  // Kernels without processes, among them the domains that run Xen's own device models.
  ["no-linux", /(mini-?os|stubdom|unikernel|clickos|rump|halvm|mirage|unikraft)[^/]*$/i],
  // GRUB for paravirtual guests, in dom0: what it boots lies in the guest.
  ["boot-loader", /(^|\/)(pv-?grub|grub-|pygrub|grub\.)[^/]*$/i],
  // Image, zImage and uImage are the formats of ARM and RISC-V; x86 has bzImage and vmlinuz.
  ["no-x86", /aarch64|arm64|armv?[5-8]|armhf|armel|riscv|(^|\/)[zu]?Image(\.gz)?([-.][^/]*)?$/],
  // Kernels that were built for Xen alone: 2.6.18-xenU, SUSE's kernel-xen.
  ["xen-only", /(^|[-_.0-9/])xen[u0]?([-_.][^/]*)?$/i],
  ["linux", /(vmlinu[xz]|bzimage|linux|kernel)[^/]*$/i],
];

/** Returns the kind of a kernel, derived from its path. */
export const kernelOf = (path: string): Kernel =>
  NAMES.find(([, pattern]) => pattern.test(path))?.[0] ?? "unknown";
