import type { Given } from "../report/report.ts";
import type { KeyReader } from "./key-reader.ts";
import type { SourceGuest, XenType } from "../source-guest.ts";

type Boot = Pick<SourceGuest, "bootloader" | "kernel" | "initrd" | "cmdline" | "bootOrder" | "firmware">;

/** The kernel's command line by xl's rule: `cmdline`, or else `root=ROOT EXTRA`. */
const readCmdline = (keys: KeyReader): Given<string> | null => {
  const [cmdline, root, extra] = [keys.text("cmdline"), keys.text("root"), keys.text("extra")];
  if (cmdline !== null) {
    for (const ignored of [root, extra])
      if (ignored !== null) keys.report.dropped(ignored, "xl ignores it because cmdline is set");
    return cmdline;
  }
  const text = [root === null ? null : `root=${root.value}`, extra?.value ?? null]
    .filter((part) => part !== null)
    .join(" ");
  const first = root ?? extra;
  if (first === null) return null;
  if (root !== null && extra !== null) keys.report.taken(extra, "the end of the kernel command line");
  return { ...first, value: text };
};

const readFirmware = (keys: KeyReader): Boot["firmware"] => {
  const [bios, firmware] = [keys.text("bios"), keys.text("firmware")];
  const read = (given: Given<string>): Boot["firmware"] => {
    const name = given.value.trim();
    if (/ovmf|uefi|efi/i.test(name)) return { ...given, value: "uefi" };
    if (name === "rombios") return { ...given, value: "rombios" };
    if (["", "seabios", "bios"].includes(name)) return { ...given, value: "bios" };
    if (name.startsWith("pvgrub"))
      keys.report.dropped(given, "GRUB for paravirtual guests; KVM uses firmware", "step");
    else keys.report.dropped(given, "a firmware file of the old host; the guest gets SeaBIOS", "person");
    return null;
  };
  const [first, second] = [firmware, bios].flatMap((given) => (given === null ? [] : [given]));
  if (second !== undefined) keys.report.dropped(second, "Xen ignores it because firmware is set");
  return first === undefined ? null : read(first);
};

/** HVM's boot order, letters of a (floppy), c (disk), d (CD-ROM), n (network). */
const readOrder = (keys: KeyReader): Boot["bootOrder"] => {
  const order = keys.text("boot");
  if (order === null) return null;
  if (!/^[acdn]*$/.test(order.value))
    return keys.refuse("boot", `must be letters of a, c, d and n, found ${order.found}`);
  return order;
};

/** Reads how the guest boots. */
export const readBoot = (keys: KeyReader, type: XenType): Boot => {
  const bootOrder = readOrder(keys);
  const boot = {
    bootloader: keys.text("bootloader"),
    kernel: keys.text("kernel"),
    initrd: keys.text("ramdisk"),
    cmdline: readCmdline(keys),
    bootOrder,
    firmware: readFirmware(keys),
  };
  if (type === "hvm" || bootOrder === null) return boot;
  keys.report.dropped(bootOrder, "only HVM guests have a boot order");
  return { ...boot, bootOrder: null };
};
