/** A file that keeps a network manager from changing guests' taps. */
export interface TapProtection {
  readonly manager: "systemd-networkd" | "NetworkManager";
  /** Below the root of the system. */
  readonly file: string;
  /** Path at which a package of guestnet installs it. */
  readonly packaged: string;
  readonly lines: readonly string[];
  /** Makes the manager read it. */
  readonly reload: readonly [string, ...string[]];
}

/** networkd takes the first file that matches a device, in the order of their names (systemd.network(5)). */
export const NETWORKD: TapProtection = {
  manager: "systemd-networkd",
  file: "etc/systemd/network/05-guestnet.network",
  packaged: "usr/lib/systemd/network/05-guestnet.network",
  lines: ["[Match]", "Kind=tun", "", "[Link]", "Unmanaged=yes"],
  reload: ["networkctl", "reload"],
};

/** `+=` adds to what other files name (NetworkManager.conf(5)). */
export const NETWORK_MANAGER: TapProtection = {
  manager: "NetworkManager",
  file: "etc/NetworkManager/conf.d/50-guestnet.conf",
  packaged: "usr/lib/NetworkManager/conf.d/50-guestnet.conf",
  lines: ["[keyfile]", "unmanaged-devices+=type:tun"],
  reload: ["nmcli", "general", "reload", "conf"],
};

/** Returns the commands that protect taps. */
export const protectionCommands = ({ file, lines, reload }: TapProtection): readonly string[] => [
  `printf '${lines.join("\\n")}\\n' >/${file}`,
  reload.join(" "),
];
