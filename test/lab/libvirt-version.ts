import { runProgram } from "../support/run-program.ts";
import { labEnv } from "./lab-env.ts";

/** What a test may need of libvirt that an older one does not have, and the version that brought it. */
const SINCE = {
  /** A `<vlan>` on a port of a Linux bridge is libvirt's own to set (NEWS 11.0.0). */
  "libvirt-vlan": [11, 0],
} as const;

export type LibvirtAbility = keyof typeof SINCE;

export const isOfLibvirt = (need: string): need is LibvirtAbility => need in SINCE;

/** What this machine's libvirtd says of its version; a lab, of either kind, runs this very program. */
const askLibvirtd = (): string => runProgram("libvirtd", ["--version"], { env: labEnv() }).stdout;

/**
 * Why this libvirt is too old for a test, or undefined when it is not.
 *
 * @param said what `libvirtd --version` prints
 */
export function tooOld(needs: readonly LibvirtAbility[], said = askLibvirtd): string | undefined {
  if (needs.length === 0) return undefined;
  const text = said();
  const [, version = "", major, minor] = /((\d+)\.(\d+)\.\d+)/.exec(text) ?? [];
  // To skip what cannot be read would hide it.
  if (version === "") throw new Error(`libvirtd --version says no version: ${text}`);
  const lacking = needs.filter((need) => {
    const [sinceMajor, sinceMinor] = SINCE[need];
    return Number(major) < sinceMajor || (Number(major) === sinceMajor && Number(minor) < sinceMinor);
  });
  if (lacking.length === 0) return undefined;
  return `libvirt ${version} is older than ${lacking.map((need) => `${need}, which is from ${SINCE[need].join(".")} on`).join(", ")}`;
}
