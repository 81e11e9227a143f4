import type { Brand } from "./brand.ts";

/** A version as libvirt counts it (`virConnectGetLibVersion`): 11.3.0 is 11003000. */
export type LibvirtVersion = Brand<number, "LibvirtVersion">;

const version = (major: number, minor: number, micro: number): LibvirtVersion =>
  (major * 1_000_000 + minor * 1_000 + micro) as LibvirtVersion;

/** The default output works from this version on. */
export const PORTABLE = 8_000_000 as LibvirtVersion;

/**
 * From here on libvirt itself puts a port of a Linux bridge into the VLANs of the interface's `<vlan>` (NEWS 11.0.0); an
 * older one refuses to start such a guest.
 */
export const NATIVE_VLAN = 11_000_000 as LibvirtVersion;

/** Reads `11.0` or `11.3.0`. @returns null when it is none, or older than {@link PORTABLE} */
export const parseLibvirtVersion = (text: string): LibvirtVersion | null => {
  const match = /^(\d{1,3})(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?$/.exec(text);
  if (match === null) return null;
  const read = version(Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0));
  return read < PORTABLE ? null : read;
};
