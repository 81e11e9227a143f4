import type { HostFormat } from "../host-network/format-names.ts";
import { type HostNetwork, linksOf } from "../host-network/host-network.ts";
import UP from "./activate-connection.sh";

/** A program with its arguments. A script of the shell has the command that it stands for as its `$0`. */
export type Line = readonly [program: string, ...args: string[]];

/** Returns a line for people. */
export const lineText = (line: Line): string =>
  (line[0] === "sh" && line[1] === "-c" ? line.slice(3) : line).join(" ");

/** Returns the program that a line needs; each host has a shell. */
export const programOf = (line: Line): string => lineText(line).split(" ", 1).join("");

/** Commands that make a host's network what the files of its network manager say. */
export interface ManagerCommands {
  /** After the files were written. */
  readonly apply: readonly Line[];
  /** After they were put back. */
  readonly back: readonly Line[];
  /** What makes it last over a reboot: a trial has it run when it is confirmed. */
  readonly keep: readonly Line[];
  /** What does again, after a restart of the host, what a generator of systemd's has done before the files were put back. */
  readonly boot: readonly Line[];
  /** Whether its commands change guests' NICs, whatever its files say: a trial repairs these NICs, as guestnet-apply does. */
  readonly disturbsGuests: boolean;
}

/** Units and settings are read before a manager makes devices. */
const BEFORE: readonly Line[] = [
  ["systemctl", "daemon-reload"],
  ["systemctl", "restart", "systemd-modules-load", "systemd-sysctl"],
];

const enable = (...units: readonly string[]): readonly Line[] => [
  ["systemctl", "--quiet", "enable", ...units],
];

/** Whether a file is there before a change, and after it. */
export interface FileStates {
  readonly path: string;
  readonly before: boolean;
  readonly after: boolean;
}

/**
 * NetworkManager, which nmstate tells what to do, takes ports that it did not attach off a bridge that it activates, and when it ends it
 * sets `addr_gen_mode` of every device that it knows, unmanaged or not (nm-device.c, dispose()).
 */
const DISTURBING: ReadonlySet<HostFormat> = new Set(["networkmanager", "nmstate"]);

/** Commands for a running host; what applies files also applies those that were put back, unless it is said. */
type WhileRunning = Pick<ManagerCommands, "apply" | "keep"> & Partial<Pick<ManagerCommands, "back">>;

const CONNECTION = /system-connections\/.+\.nmconnection$/;

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
 * @param files those that change, with what they are before and after
 */
export const commandsOf = (
  format: HostFormat,
  network: HostNetwork,
  files: readonly FileStates[],
): ManagerCommands => ({
  ...withVxlan(commandsWhileRunning(format, network, files), format, network),
  // systemd.generator(7): netplan's writes networkd's files before any unit runs.
  boot: format === "netplan" ? [["netplan", "generate"]] : [],
  disturbsGuests: DISTURBING.has(format),
});

/** The unit that makes VXLAN devices, where the manager does not. It waits for its bridge, and is not waited for. */
const RESTART_VXLAN: Line = ["systemctl", "--no-block", "restart", "guestnet-vxlan"];

const withVxlan = (
  { apply, back = apply, keep }: WhileRunning,
  format: HostFormat,
  network: HostNetwork,
): Pick<ManagerCommands, "apply" | "back" | "keep"> =>
  format === "iproute2" || linksOf(network, "vxlan").length === 0
    ? { apply, back, keep }
    : {
        apply: [...apply, RESTART_VXLAN],
        back: [...back, RESTART_VXLAN],
        keep: [...keep, ...enable("guestnet-vxlan")],
      };

const commandsWhileRunning = (
  format: HostFormat,
  network: HostNetwork,
  files: readonly FileStates[],
): WhileRunning => {
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
      const activate = (when: "before" | "after"): readonly Line[] => [
        ...[...BEFORE, ["systemctl", "restart", "NetworkManager"] as const],
        ...files
          .filter((file) => file[when] && CONNECTION.test(file.path))
          .map(({ path }): Line => ["sh", "-c", UP, "nmcli connection up", path]),
      ];
      return {
        apply: activate("after"),
        back: activate("before"),
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

/** Returns the network managers that a host's network may be of: netplan's is the one that runs below it, and ifupdown is none that runs. */
export const managersOf = (signs: ManagerSigns): readonly HostFormat[] => {
  if (signs.netplan) return ["netplan"];
  const running: readonly HostFormat[] = [
    ...(signs.networkManager ? (["networkmanager"] as const) : []),
    ...(signs.networkd ? (["networkd"] as const) : []),
    ...(signs.script ? (["iproute2"] as const) : []),
  ];
  if (running.length > 0) return running;
  if (signs.ifreload) return ["ifupdown2"];
  return signs.interfaces ? ["ifupdown"] : [];
};
