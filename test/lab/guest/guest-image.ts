import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cached } from "../cache.mjs";
import { here } from "../here.ts";

/** What a guest boots: a kernel and an initramfs, no disk. */
export interface GuestImage {
  readonly kernel: string;
  readonly initrd: string;
  /** The memory, in MiB, below which the kernel dies without a word. */
  readonly memory: number;
  /** The kernel command line of a guest that runs the shell script `boot` before it is ready. */
  cmdline(boot: string): string;
}

/** The small kernel, if it is in the cache. */
export function smallGuestKernel(): string | undefined {
  const file = cached("kernel", "guest-vmlinuz");
  return existsSync(file) ? file : undefined;
}

/** The folder of the image, named after what it is made of, so a change makes a new one. */
export function guestImageFolder(): string {
  const small = smallGuestKernel();
  const sources = [small ?? [], here("guest/guest-init.sh"), here("guest/guest-image-build.ts")].flat();
  const key = createHash("sha256");
  for (const file of sources) key.update(readFileSync(file));
  return cached(`guest-${key.digest("hex").slice(0, 12)}`);
}

/** The guest image that the setup has made. */
export function guestImage(): GuestImage {
  const folder = guestImageFolder();
  const [kernel, initrd] = [join(folder, "vmlinuz"), join(folder, "initrd")];
  if (!existsSync(kernel) || !existsSync(initrd)) {
    throw new Error(`there is no guest image in ${folder}: run "npx tsx test/lab/setup.ts"`);
  }
  return { kernel, initrd, memory: smallGuestKernel() === undefined ? 160 : 96, cmdline };
}

/** What an x86 kernel takes, without the NUL at the end; it cuts a longer line silently. */
const CMDLINE_BYTES = 2047;

function cmdline(boot: string): string {
  const script = Buffer.from(boot).toString("base64");
  const line = `console=ttyS0 quiet panic=-1 no_timer_check tsc=reliable nokaslr lab.boot=${script}`;
  if (line.length <= CMDLINE_BYTES) return line;
  throw new Error(
    `the boot script makes the kernel command line ${line.length - CMDLINE_BYTES} bytes too long`,
  );
}
