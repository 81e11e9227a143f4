import type { HostFormat } from "../host-network/format-names.ts";
import { type HostNetwork, linksOf } from "../host-network/host-network.ts";

/** A program with its arguments. */
export type Line = readonly [program: string, ...args: string[]];

/** Commands that make a host's network what the files of its network manager say. */
export interface ManagerCommands {
  /** After the files were written, and after they were put back. */
  readonly apply: readonly Line[];
  /** What makes it last over a reboot: a trial has it run when it is confirmed. */
  readonly keep: readonly Line[];
  /** What does again, after a restart of the host, what a generator of systemd's has done before the files were put back. */
  readonly boot: readonly Line[];
}

/** Units and settings are read before a manager makes devices. */
const BEFORE: readonly Line[] = [
  ["systemctl", "daemon-reload"],
  ["systemctl", "restart", "systemd-modules-load", "systemd-sysctl"],
];

const enable = (...units: readonly string[]): readonly Line[] => [
  ["systemctl", "--quiet", "enable", ...units],
];

const CONNECTION = /system-connections\/(.+)\.nmconnection$/;

/** ifupdown knows a device by its state file, and sets up again what it has set down. */
const ifupdown = (network: HostNetwork): readonly Line[] => {
  const names = linksOf(network, "physical").map(({ name }) => name);
  return [
    ...(names.length === 0 ? [] : [["ifdown", "--force", "--ignore-errors", ...names] as const]),
    ["ifup", "--all"],
  ];
};

/**
 * Returns the commands of a network manager.
 *
 * @param changed paths of the files that changed, without a slash in front
 */
export const commandsOf = (
  format: HostFormat,
  network: HostNetwork,
  changed: readonly string[],
): ManagerCommands => ({
  ...commandsWhileRunning(format, network, changed),
  // systemd.generator(7): netplan's writes networkd's files before any unit runs.
  boot: format === "netplan" ? [["netplan", "generate"]] : [],
});

const commandsWhileRunning = (
  format: HostFormat,
  network: HostNetwork,
  changed: readonly string[],
): Omit<ManagerCommands, "boot"> => {
  switch (format) {
    case "networkd":
      return {
        apply: [...BEFORE, ["systemctl", "restart", "systemd-networkd"]],
        keep: enable("systemd-networkd", "systemd-networkd-wait-online"),
      };
    case "netplan":
      return { apply: [...BEFORE, ["netplan", "apply"]], keep: [] };
    case "networkmanager": {
      // A connection that is active keeps its former settings until it is activated again.
      const names = changed.flatMap((path) => CONNECTION.exec(path)?.[1] ?? []);
      const up = names.map((name): Line => ["nmcli", "--wait", "20", "connection", "up", "id", name]);
      return {
        apply: [...BEFORE, ["systemctl", "restart", "NetworkManager"], ...up],
        keep: enable("NetworkManager", "NetworkManager-wait-online"),
      };
    }
    case "ifupdown2":
      return { apply: [...BEFORE, ["ifreload", "--all"]], keep: enable("networking") };
    case "ifupdown":
      return { apply: [...BEFORE, ...ifupdown(network)], keep: enable("networking") };
    case "nmstate":
      return {
        apply: [...BEFORE, ["nmstatectl", "apply", "/etc/nmstate/guestnet.yml"]],
        keep: enable("nmstate"),
      };
    case "iproute2":
      return {
        apply: [...BEFORE, ["systemctl", "restart", "guestnet-host"]],
        keep: enable("guestnet-host"),
      };
  }
};

/** What tells which network manager a host has. */
export interface ManagerSigns {
  /** Whether netplan has files. */
  readonly netplan: boolean;
  /** Whether its unit is active. */
  readonly networkManager: boolean;
  readonly networkd: boolean;
  /** Whether the script of `iproute2` is there. */
  readonly script: boolean;
  /** Whether ifreload is there. */
  readonly ifreload: boolean;
  /** Whether there is an /etc/network/interfaces. */
  readonly interfaces: boolean;
}

/** Returns the network manager of a host; null if none is found. */
export const managerOf = (signs: ManagerSigns): HostFormat | null => {
  if (signs.netplan) return "netplan";
  if (signs.networkManager) return "networkmanager";
  if (signs.networkd) return "networkd";
  if (signs.script) return "iproute2";
  if (signs.ifreload) return "ifupdown2";
  return signs.interfaces ? "ifupdown" : null;
};
