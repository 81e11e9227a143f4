/** The programs that can make a host's network, by the names of `--format`. */
export const HOST_FORMATS = [
  "networkd",
  "ifupdown2",
  "ifupdown",
  "netplan",
  "networkmanager",
  "nmstate",
  "iproute2",
] as const;
export type HostFormat = (typeof HOST_FORMATS)[number];
