/** Returns the unit of a device (systemd.device(5)); a dash in its name is escaped, as it stands for a slash (systemd-escape(1)). */
export const deviceUnit = (name: string): string =>
  `sys-subsystem-net-devices-${name.replaceAll("-", "\\x2d")}.device`;
