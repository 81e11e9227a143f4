import { error, type Finding, ok, warning } from "./finding.ts";
import type { HostReadings, VersionReading } from "./host-readings.ts";

/** `6.1.0-13-amd64` as [6, 1]. */
const parts = (text: string): readonly [number, number] => {
  const match = /(\d+)\.(\d+)/.exec(text);
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
};

const isBelow = (text: string, [major, minor]: readonly [number, number]): boolean => {
  const [a, b] = parts(text);
  return a < major || (a === major && b < minor);
};

/** Locked ports came with 5.18, in the kernel and in iproute2 (bridge(8), "locked"). */
const LOCKED = [5, 18] as const;
/** libvirt has hooks in qemu.d since 6.5.0, and generated domains need 8.0. */
const LIBVIRT = [8, 0] as const;

const IMPACT_LOCKED =
  'the hook locks bridge ports to the MAC addresses of their guests: without it, only guests with "antispoof": false start';

const judge = (
  check: string,
  version: VersionReading,
  bound: readonly [number, number] | null,
  impact: string,
  install = `install ${check}`,
): Finding => {
  if (version.kind === "none") return error(check, version.why, impact, install);
  return bound !== null && isBelow(version.text, bound)
    ? error(check, version.text, impact, `update to ${bound.join(".")} or later`)
    : ok(check, version.text);
};

/** Checks whether the kernel and the tools are new enough. */
export const checkVersions = ({
  kernel,
  versions,
}: Pick<HostReadings, "kernel" | "versions">): readonly Finding[] => [
  isBelow(kernel, LOCKED)
    ? warning("kernel", kernel, IMPACT_LOCKED, `update to Linux ${LOCKED.join(".")} or later`)
    : ok("kernel", kernel),
  judge("iproute2", versions.iproute2, LOCKED, IMPACT_LOCKED),
  judge("nft", versions.nft, null, "guests with anti-spoofing do not start"),
  judge(
    "libvirt",
    versions.libvirt,
    LIBVIRT,
    "guests cannot be checked, and domains of genxml need libvirt 8.0",
    "systemctl start virtqemud || systemctl start libvirtd",
  ),
];
