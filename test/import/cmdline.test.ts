import { expect, test } from "@jest/globals";
import { kernelOf } from "../../src/import/kernel-name.ts";
import { rewriteCmdline } from "../../src/import/to-profile/boot.ts";
import type { Renamed } from "../../src/import/to-profile/disks.ts";

const disk = (from: string, to: string): Renamed => ({
  from,
  to,
  source: "/dev/x",
  device: "disk",
  isPartition: /\d$/.test(from),
});
const whole = [disk("xvda", "vda"), disk("xvdb", "vdb")];
const volumes = [disk("xvda2", "vda"), disk("xvda1", "vdb"), disk("sdb", "vdc")];

test.each([
  ["root=/dev/xvda1 ro", whole, "root=/dev/vda1 ro console=ttyS0"],
  ["root=/dev/xvda ro console=hvc0", whole, "root=/dev/vda ro console=ttyS0"],
  ["root=/dev/xvda2 resume=/dev/xvda1", volumes, "root=/dev/vda resume=/dev/vdb console=ttyS0"],
  // Linux shows sda and hda of a paravirtual guest as xvda, too.
  ["root=/dev/sda1", whole, "root=/dev/vda1 console=ttyS0"],
  ["root=/dev/xvdb3", volumes, "root=/dev/vdc3 console=ttyS0"],
  ["console=tty0 console=ttyS0,115200 quiet", whole, "console=tty0 console=ttyS0,115200 quiet"],
  ["console=hvc0 console=xvc0", whole, "console=ttyS0"],
  ["a clocksource=xen xencons=tty earlyprintk=xen b", whole, "a b console=ttyS0"],
  ["root=/dev/mapper/xvda1 x=/dev/xvda1/y", whole, "root=/dev/mapper/xvda1 x=/dev/xvda1/y console=ttyS0"],
  ["root=UUID=1", [], "root=UUID=1 console=ttyS0"],
])("%j", (text, renamed, expected) => {
  expect(rewriteCmdline(text, renamed).cmdline).toBe(expected);
});

test("a disk that the file does not have is named, and left as it is", () => {
  expect(rewriteCmdline("root=/dev/xvdc1", whole)).toMatchObject({
    cmdline: "root=/dev/xvdc1 console=ttyS0",
    unknown: ["xvdc1"],
  });
});

test.each([
  ["/usr/lib/xen/boot/hvmloader", "firmware"],
  ["/usr/lib/xen/boot/pv-grub-x86_64.gz", "boot-loader"],
  ["/usr/lib/grub-xen/grub-x86_64-xen.bin", "boot-loader"],
  ["mini-os.gz", "no-linux"],
  ["/data/netbsd-XEN3_DOMU.gz", "no-linux"],
  ["/boot/vmlinuz-2.6.18-xenU", "xen-only"],
  ["/boot/vmlinuz-3.0.101-0.15-xen", "xen-only"],
  ["/boot/vmlinuz-6.1.0-18-amd64", "linux"],
  ["/srv/xen/vmlinuz", "linux"],
  ["/platform/i86xpv/kernel/amd64/unix", "no-linux"],
  ["/srv/openindiana/genunix", "no-linux"],
  ["/usr/lib/xen/boot/ioemu-stubdom.gz", "no-linux"],
  ["/srv/boot/Image", "no-x86"],
  ["/srv/boot/vmlinuz-6.1.0-arm64", "no-x86"],
  ["/srv/riscv/Image-6.6", "no-x86"],
  ["/srv/bzImage", "linux"],
  ["/srv/guest.bin", "unknown"],
])("the kernel %s is %s", (path, expected) => {
  expect(kernelOf(path)).toBe(expected);
});
