import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { outputOf } from "../../support/run-program.ts";
import { cpio, type Entry } from "./cpio.ts";
import { guestImageFolder, smallGuestKernel } from "./guest-image.ts";
import { here } from "../here.ts";
import { insertionOrder } from "../kernels/kernel-modules.ts";
import { programFile } from "../programs.ts";

/** Makes the guest image, unless it is in the cache; `say` hears what is being done. */
export function buildGuestImage(say: (line: string) => void): void {
  const folder = guestImageFolder();
  if (existsSync(join(folder, "initrd"))) return;
  const unfinished = `${folder}.${process.pid}.tmp`;
  mkdirSync(unfinished, { recursive: true });
  const small = smallGuestKernel();
  const put = (kernel: string, modules: readonly string[]): void => {
    copyFileSync(kernel, join(unfinished, "vmlinuz"));
    writeFileSync(join(unfinished, "initrd"), initrd(modules));
  };
  say(`building the guest image from ${small ?? "Debian's kernel"}`);
  if (small === undefined) withDebianKernel(put);
  else put(small, []);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(join(folder, "initrd"))) throw error; // another process has been faster
  }
}

/** Downloads and unpacks the kernel for virtual machines; it is not installed. */
function withDebianKernel(use: (kernel: string, modules: readonly string[]) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-kernel-"));
  try {
    const depends = outputOf("apt-cache", ["depends", "linux-image-cloud-amd64"]);
    const image = /Depends: (linux-image-(\S+))/.exec(depends);
    if (image === null) throw new Error(`apt knows no linux-image-cloud-amd64: ${depends}`);
    const [, name = "", version = ""] = image;
    const inFolder = { cwd: folder };
    outputOf("apt-get", ["-o", "APT::Sandbox::User=root", "-q", "download", name], inFolder);
    const deb = readdirSync(folder).find((file) => file.endsWith(".deb")) ?? "";
    outputOf("dpkg-deb", ["-x", deb, "."], inFolder);
    const modules = ["lib/modules", "usr/lib/modules"]
      .map((path) => join(folder, path, version))
      .find(existsSync);
    if (modules === undefined) throw new Error(`${deb} has no modules`);
    uncompress(modules);
    const needed = insertionOrder(modules, ["virtio_pci", "virtio_net", "8021q"]);
    use(join(folder, "boot", `vmlinuz-${version}`), needed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Debian has packed its modules since release 13, one by one. */
function uncompress(modules: string): void {
  const packed = readdirSync(modules, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ko.xz"))
    .map((file) => join(modules, file));
  if (packed.length > 0) outputOf(programFile("xz") ?? "xz", ["-d", ...packed]);
}

function initrd(modules: readonly string[]): Buffer {
  const busybox = readFileSync("/bin/busybox");
  if (busybox.subarray(0, 4096).includes("ld-linux"))
    throw new Error("/bin/busybox is not static: busybox-static");
  const list = modules.map((file) => `/modules/${basename(file)}\n`).join("");
  const folders = ["bin", "dev", "modules", "tmp"];
  const entries: Entry[] = [
    ...folders.map((path) => ({ path, mode: 0o40755 })),
    { path: "dev/console", mode: 0o20600, device: [5, 1] },
    { path: "bin/busybox", mode: 0o100755, data: busybox },
    { path: "init", mode: 0o100755, data: readFileSync(here("guest/guest-init.sh")) },
    { path: "modules.list", mode: 0o100644, data: Buffer.from(list) },
    ...modules.map((file) => ({
      path: `modules/${basename(file)}`,
      mode: 0o100644,
      data: readFileSync(file),
    })),
  ];
  return gzipSync(cpio(entries), { level: 1 });
}
