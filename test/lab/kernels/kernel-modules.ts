import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * The files of the named modules and of all that they depend on, each after its dependencies: the order
 * in which a plain insmod takes them. Reads the modules themselves, so that no index (depmod) is needed.
 */
export function insertionOrder(folder: string, names: readonly string[]): readonly string[] {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (entry.endsWith(".ko")) files.set(moduleName(basename(entry, ".ko")), join(folder, entry));
  }
  const order = new Set<string>();
  const visit = (name: string): void => {
    const file = files.get(moduleName(name));
    if (file === undefined || order.has(file)) return; // absent: it is built into the kernel
    dependencies(file).forEach(visit);
    order.add(file);
  };
  names.forEach(visit);
  return [...order];
}

/** A module is called virtio_net though its file is virtio-net.ko, or the other way round. */
function moduleName(name: string): string {
  return name.replaceAll("-", "_");
}

/** The module's own list: the string `depends=a,b` between NULs in its .modinfo section. */
function dependencies(file: string): readonly string[] {
  const found = /\0depends=([^\0]*)\0/.exec(readFileSync(file, "latin1"));
  return (found?.[1] ?? "").split(",").filter((name) => name !== "");
}
