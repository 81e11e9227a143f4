import { readFileSync } from "node:fs";
import { parse } from "jsonc-parser";
import { guestImage, runHere } from "../../../lab/lab.ts";

/** Runs the built genxml as a person would. */
export const genxml = (args: readonly string[], stdin = "") =>
  runHere("node", ["dist/genxml.js", ...args], stdin);

/** The options for a libvirt that sets VLANs itself, by the `<vlan>` of an interface. */
export const NATIVE = ["--libvirt", "11.3"] as const;

/** The domain XML that the built genxml makes of a profile. */
export const generate = (profile: object, options: readonly string[] = []): string => {
  const ran = genxml([...options, "-"], JSON.stringify(profile));
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout;
};

/** The interfaces of a profile that is shipped, in fixtures/guests. */
export const shippedInterfaces = (name: string): readonly object[] => {
  const profile = parse(readFileSync(`fixtures/guests/${name}.json`, "utf8"), [], {
    allowTrailingComma: true,
  }) as { readonly interfaces: readonly object[] };
  return profile.interfaces;
};

/**
 * The XML of a guest that boots the lab's tiny system.
 *
 * @param boot shell commands that configure it, run in the guest before it answers
 * @param options of genxml
 */
export const bootable = (
  name: string,
  interfaces: readonly object[],
  boot: string,
  options: readonly string[] = [],
): string => {
  const image = guestImage();
  const profile = {
    name,
    virtType: "qemu",
    memory: `${image.memory} MiB`,
    boot: { kernel: image.kernel, initrd: image.initrd, cmdline: image.cmdline(boot) },
    interfaces,
  };
  return generate(profile, options);
};

/**
 * The XML of a guest that has only firmware: QEMU runs and its taps are real, and nothing has to boot. Its NICs have no ROM:
 * the network boot that is in it keeps a processor busy for a minute, and User Mode Linux has one for all.
 */
export const bare = (
  name: string,
  interfaces: readonly object[],
  options: readonly string[] = [],
): string => {
  const xml = generate({ name, virtType: "qemu", memory: "16 MiB", interfaces }, options);
  return xml.replaceAll("</interface>", '<rom enabled="no"/></interface>');
};
