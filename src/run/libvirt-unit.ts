import { existsSync } from "node:fs";

const UNITS = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];
const has = (name: string): boolean => UNITS.some((folder) => existsSync(`${folder}/${name}`));

/**
 * Returns the command that starts this host's libvirt daemon: the one of the two that is enabled, or else installed (libvirt,
 * daemons.html: `virtqemud` replaces `libvirtd`).
 */
export const startLibvirt = (): string => {
  const enabled = "/etc/systemd/system/sockets.target.wants/virtqemud.socket";
  if (existsSync(enabled) || (has("virtqemud.service") && !has("libvirtd.service")))
    return "systemctl start virtqemud";
  return has("libvirtd.service")
    ? "systemctl start libvirtd"
    : "install the libvirt daemon, such as Debian's libvirt-daemon-system";
};
