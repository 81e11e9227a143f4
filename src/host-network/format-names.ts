/** The programs that can make a host's network, by the names of `--format`. */
export const FORMATS = [
  "networkd",
  "ifupdown2",
  "ifupdown",
  "netplan",
  "networkmanager",
  "nmstate",
  "iproute2",
] as const;
export type Format = (typeof FORMATS)[number];
