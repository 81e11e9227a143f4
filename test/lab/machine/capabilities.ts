import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { cpus, release } from "node:os";
import { cached } from "../cache.mjs";
import type { UmlKernel } from "../kernels/uml-kernel.ts";

/** The folder for libvirtd's knowledge about QEMU, which is about this kernel, CPU, QEMU and libvirtd only. */
export function capabilitiesFolder(kernel: UmlKernel | undefined): string {
  const programs = ["/usr/bin/qemu-system-x86_64", "/usr/sbin/libvirtd", ...(kernel ? [kernel.binary] : [])];
  const state = [release(), cpus()[0]?.model, ...programs.map(changed)];
  const key = createHash("sha256").update(JSON.stringify(state)).digest("hex").slice(0, 16);
  return cached("capabilities", key);
}

function changed(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return `${file} ${stat?.ctimeMs ?? 0}`;
}
