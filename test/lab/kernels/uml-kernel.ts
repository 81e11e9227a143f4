import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Ability } from "../abilities.ts";
import { cached } from "../cache.mjs";
import { insertionOrder } from "./kernel-modules.ts";

/** A User Mode Linux that is on this machine. */
export interface UmlKernel {
  readonly binary: string;
  /** Files to insert, in order: none in the small kernel, where everything is built in. */
  modules(): readonly string[];
  readonly abilities: readonly Ability[];
  /** What its command line needs for them. */
  readonly parameters: readonly string[];
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
  "vxlan",
  "macvtap",
  "openvswitch",
  "nf_tables",
  "nf_conntrack",
  // What announces a moved guest in tagged VLANs.
  "sch_ingress",
  "cls_matchall",
  "act_mirred",
  "act_vlan",
  "act_police",
];

/** What both kernels have. */
const EVERYWHERE: readonly Ability[] = [
  ...(["vlan-filtering", "8021q", "vrf", "vxlan", "macvtap", "nft-bridge"] as const),
  ...(["openvswitch", "openvswitch-module", "libvirt"] as const),
];

/** What `uml.config` is for. */
export const SMALL_ABILITIES: readonly Ability[] = [...EVERYWHERE, "nft-inet"];

/** The small kernel from the cache if it is there and has the abilities, otherwise Debian's, otherwise nothing. */
export function umlKernel(needs: readonly Ability[] = []): UmlKernel | undefined {
  const here = umlKernels();
  return here.find(({ abilities }) => needs.every((need) => abilities.includes(need))) ?? here[0];
}

/** Those of this machine, the fastest first. */
export function umlKernels(): readonly UmlKernel[] {
  return [smallKernel(), packagedKernel()].filter((kernel) => kernel !== undefined);
}

function smallKernel(): UmlKernel | undefined {
  const small = cached("kernel", "linux.uml");
  return executable(small) ? smallKernelAt(small) : undefined;
}

/** The small kernel of that file: built with `uml.config`, so that it has all but what only Debian's has. */
export function smallKernelAt(binary: string): UmlKernel {
  return { binary, modules: () => [], abilities: SMALL_ABILITIES, parameters: [] };
}

function packagedKernel(): UmlKernel | undefined {
  if (!executable(packaged) || !existsSync(modulesOfPackage)) return undefined;
  // Its nftables knows the bridge family only.
  const abilities: Ability[] = [...EVERYWHERE, "apparmor", "userfaultfd"];
  return { binary: packaged, modules: packagedModules, abilities, parameters: ["security=apparmor"] };
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
