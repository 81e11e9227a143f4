import { error, type Finding, good, warning } from "./finding.ts";
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

const WHY_LOCKED =
  'a guest on a bridge is held to its own MAC address by a locked port: without it, only guests with "antispoof": false start';

const judge = (
  check: string,
  version: VersionReading,
  bound: readonly [number, number] | null,
  why: string,
  install = `install ${check}`,
): Finding => {
  if (version.kind === "none") return error(check, version.why, why, install);
  return bound !== null && isBelow(version.text, bound)
    ? error(check, version.text, why, `update to ${bound.join(".")} or later`)
    : good(check, version.text);
};

/** Whether the kernel and the tools are new enough. */
export const checkVersions = ({
  kernel,
  versions,
}: Pick<HostReadings, "kernel" | "versions">): readonly Finding[] => [
  isBelow(kernel, LOCKED)
    ? warning("kernel", kernel, WHY_LOCKED, `update to Linux ${LOCKED.join(".")} or later`)
    : good("kernel", kernel),
  judge("iproute2", versions.iproute2, LOCKED, WHY_LOCKED),
  judge("nft", versions.nft, null, "the sources of guests are checked with it"),
  judge(
    "libvirt",
    versions.libvirt,
    LIBVIRT,
    "nothing is known about the guests, and domains of genxml need 8.0",
    "systemctl start libvirtd, or virtqemud: whichever this distribution has",
  ),
];
