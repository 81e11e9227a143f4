import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Ability } from "./abilities.ts";
import { cached } from "./cache.ts";
import { insertionOrder } from "./kernel-modules.ts";

/** A User Mode Linux that is on this machine. */
export interface UmlKernel {
  readonly binary: string;
  /** Files to insert, in order: none in the small kernel, where everything is built in. */
  modules(): readonly string[];
  readonly abilities: readonly Ability[];
}

const packaged = "/usr/bin/linux.uml";
const modulesOfPackage = "/usr/lib/uml/modules";
const wanted = [
  "overlay",
  "ipv6",
  "bridge",
  "8021q",
  "tun",
  "veth",
  "dummy",
  "vrf",
  "nf_tables",
  "nf_conntrack",
];

/** The small kernel from the cache if it is there, otherwise Debian's, otherwise nothing. */
export function umlKernel(): UmlKernel | undefined {
  const small = cached("kernel", "linux.uml");
  if (executable(small)) {
    const abilities: Ability[] = ["vlan-filtering", "8021q", "vrf", "nft-inet", "nft-bridge", "libvirt"];
    return { binary: small, modules: () => [], abilities };
  }
  if (!executable(packaged) || !existsSync(modulesOfPackage)) return undefined;
  // Its nftables knows the bridge family only.
  const abilities: Ability[] = ["vlan-filtering", "8021q", "vrf", "nft-bridge", "libvirt"];
  return { binary: packaged, modules: packagedModules, abilities };
}

function packagedModules(): readonly string[] {
  const version = readdirSync(modulesOfPackage)[0] ?? "";
  return insertionOrder(join(modulesOfPackage, version), wanted);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
