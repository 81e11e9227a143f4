import type { ProfileText } from "../../profile/schema/profile.ts";
import type { Account, Given } from "../report/account.ts";
import { rewriteCmdline } from "./cmdline.ts";
import { type Kernel, kernelOf } from "./kernel.ts";
import type { SourceGuest } from "../source-guest.ts";
import type { MappedDisks } from "./to-disks.ts";

/** How the guest will boot. */
export interface MappedBoot {
  readonly boot: NonNullable<ProfileText["boot"]> | null;
  readonly kernel: Kernel | null;
  /** Whether a program in dom0 found the kernel in the guest's own disk. */
  readonly byBootloader: boolean;
}

/** An absolute path that XML can hold. */
const isPath = (text: string): boolean => text.startsWith("/") && !/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text);

const drop = (given: Given<string> | null, account: Account, why: string): void => {
  if (given !== null) account.dropped(given, why);
};

const sayKernel = (kernel: Given<string>, kind: Kernel, account: Account): void => {
  if (kind === "xen-only")
    account.taken(
      kernel,
      "booted directly; its name says that it is made for Xen alone, and then KVM cannot boot it: install the distribution's usual kernel",
      "person",
    );
  else if (kind === "no-linux")
    account.taken(
      kernel,
      "booted directly; a system that is built for Xen has to be built anew for KVM",
      "person",
    );
  else account.taken(kernel, "booted directly, from a file of the host: copy it to the new one", "step");
};

/** Kernel, initrd and command line, where they are files of the host and KVM can boot them. */
export const toBoot = (guest: SourceGuest, { renamed }: MappedDisks, account: Account): MappedBoot => {
  const { bootloader, kernel, initrd, cmdline } = guest;
  const nothing = (byBootloader: boolean, kind: Kernel | null): MappedBoot => ({
    boot: null,
    kernel: kind,
    byBootloader,
  });
  if (bootloader !== null && bootloader.value.trim() !== "" && guest.type !== "hvm") {
    const isPygrub = bootloader.value.trim().endsWith("pygrub");
    account.dropped(
      bootloader,
      isPygrub
        ? "a program in dom0 that finds the kernel in the guest's disk; on KVM the guest needs a boot loader of its own"
        : "a program in dom0 that fetches the kernel; on KVM the guest needs a boot loader of its own, or `boot` in the profile",
      isPygrub ? "step" : "person",
    );
    for (const given of [kernel, initrd])
      drop(given, account, "beside bootloader it does not choose the kernel");
    if (cmdline !== null)
      account.dropped(
        cmdline,
        `it was added to the guest's own boot entry: put what is needed into the guest's GRUB, with the new names (${rewriteCmdline(cmdline.value, renamed).cmdline})`,
        "step",
      );
    return nothing(true, null);
  }
  drop(bootloader, account, "it says nothing for this guest");
  const kind = kernel === null ? null : kernelOf(kernel.value.trim());
  if (kernel === null || kind === null || kind === "firmware" || kind === "boot-loader") {
    if (kernel !== null)
      account.dropped(
        kernel,
        kind === "firmware"
          ? "Xen's own firmware; KVM has SeaBIOS"
          : "GRUB for paravirtual guests, in dom0; on KVM the guest needs a boot loader of its own",
        kind === "firmware" ? "note" : "step",
      );
    drop(initrd, account, "it says nothing without a kernel");
    if (cmdline !== null)
      account.dropped(
        cmdline,
        "without a kernel of the host's it says nothing",
        kind === "boot-loader" ? "step" : "note",
      );
    return nothing(kind === "boot-loader", kind);
  }
  const path = kernel.value.trim();
  if (!isPath(path)) {
    account.dropped(
      kernel,
      "a path from wherever xl was called: find the file, and put it into `boot` of the profile",
      "person",
    );
    drop(initrd, account, "its kernel has to be found first");
    drop(cmdline, account, "its kernel has to be found first");
    return nothing(false, kind);
  }
  sayKernel(kernel, kind, account);
  const ram = initrd?.value.trim() ?? "";
  if (initrd !== null) {
    if (isPath(ram)) account.taken(initrd, "the initial RAM disk: it needs the virtio drivers", "step");
    else
      account.dropped(
        initrd,
        "a path from wherever xl was called: find the file, and put it into `boot` of the profile",
        ram === "" ? "note" : "person",
      );
  }
  const rewritten = rewriteCmdline(
    (cmdline?.value ?? "").replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, " "),
    renamed,
  );
  if (cmdline !== null) {
    const what = rewritten.changes.length === 0 ? "as it is" : rewritten.changes.join("; ");
    account.changed(cmdline, what, rewritten.unknown.length > 0 ? "person" : "note");
    if (rewritten.unknown.length > 0)
      account.task(
        "host",
        `\`boot.cmdline\` names disks that the file does not have: ${rewritten.unknown.join(", ")}. Say in the profile what they are now.`,
        "person",
        "unknown disks on the kernel's command line",
      );
  }
  return {
    boot: { kernel: path, ...(isPath(ram) ? { initrd: ram } : {}), cmdline: rewritten.cmdline },
    kernel: kind,
    byBootloader: false,
  };
};
