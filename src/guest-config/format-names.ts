/** Values of `genxml cloud-init --format` whose files contain a network configuration only. */
export const GUEST_FORMAT_NAMES = [
  "netplan",
  "networkd",
  "networkmanager",
  "ifupdown",
  "alpine",
  "openwrt",
  "vyos",
  "freebsd",
  "openbsd",
  "windows",
] as const;
export type FormatName = (typeof GUEST_FORMAT_NAMES)[number];
