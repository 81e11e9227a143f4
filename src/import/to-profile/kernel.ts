/** What a kernel file of dom0 is, as far as its name tells. */
export type Kernel = "firmware" | "boot-loader" | "no-linux" | "xen-only" | "linux";

const NAMES: readonly (readonly [Kernel, RegExp])[] = [
  ["firmware", /^hvmloader/],
  // GRUB for paravirtual guests, in dom0: what it boots lies in the guest.
  ["boot-loader", /^(pv-?grub|grub-|pygrub|grub\.)/i],
  ["no-linux", /mini-?os|unikernel|clickos|rump|halvm|mirage|unikraft|netbsd|openbsd|freebsd|xen3_domu/i],
  // Kernels that were built for Xen alone: 2.6.18-xenU, SUSE's kernel-xen.
  ["xen-only", /(^|[-_.0-9])xen[u0]?([-_.]|$)/i],
];

export const kernelOf = (path: string): Kernel => {
  const name = path.replace(/^.*\//, "");
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? "linux";
};
