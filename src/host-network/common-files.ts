import type { HostFormat } from "./format-names.ts";
import { type NetworkFile, plainFile, renderIni, renderLines } from "./host-file.ts";
import { type HostNetwork, type LinkKind, modulesOf } from "./host-network.ts";

// What the host needs beside its network manager's own files, whichever that is.

/** A setting of the kernel. Its name has slashes, as a device's name may contain dots (sysctl.d(5)). */
export interface KernelSetting {
  readonly name: string;
  readonly value: number;
}

const ipv6 = (device: string, key: string, value: number): KernelSetting => ({
  name: `net/ipv6/conf/${device}/${key}`,
  value,
});

/** A VRF routes IPv6 although it has no address, and the lines that make a VXLAN device include its settings. */
export const hasIpv6 = (kind: LinkKind): boolean => kind === "vrf" || kind === "vxlan";

/** With these, the kernel reads router advertisements itself. */
const READ_BY_KERNEL: ReadonlySet<HostFormat> = new Set(["ifupdown", "ifupdown2", "iproute2"]);

/**
 * Settings of the kernel where it reads router advertisements itself. A host that forwards ignores them unless accept_ra is 2
 * (ip-sysctl.rst). udev applies them when the device is made (99-systemd.rules).
 */
const advertisementSettings = ({ links }: HostNetwork): readonly KernelSetting[] =>
  links.flatMap(({ kind, name, addressing }) => {
    if (addressing === null) return hasIpv6(kind) ? [] : [ipv6(name, "disable_ipv6", 1)];
    return [ipv6(name, "accept_ra", addressing.slaac ? 2 : 0)];
  });

const FORWARDING: readonly KernelSetting[] = [
  { name: "net/ipv4/ip_forward", value: 1 },
  { name: "net/ipv6/conf/all/forwarding", value: 1 },
];

/** Returns the settings of the kernel that the host's files make. */
export const kernelSettings = (network: HostNetwork, format: HostFormat): readonly KernelSetting[] => [
  ...(network.forwarding ? FORWARDING : []),
  ...(READ_BY_KERNEL.has(format) ? advertisementSettings(network) : []),
];

const sysctlFile = (settings: readonly KernelSetting[]): readonly NetworkFile[] => {
  const lines = settings.map(({ name, value }) => `${name} = ${String(value)}`);
  return lines.length === 0 ? [] : [plainFile("etc/sysctl.d/60-guestnet.conf", renderLines(...lines))];
};

/**
 * libvirt starts autostarted guests when its daemon starts. That has to be when the bridge is there; a bridge that comes too late
 * refuses the guest.
 */
const daemonOrder = (daemon: string): NetworkFile =>
  plainFile(
    `etc/systemd/system/${daemon}.service.d/50-guestnet.conf`,
    renderIni(["Unit", ["Wants=network-online.target", "After=network-online.target"]]),
  );

/** @returns kernel settings, kernel modules, and the order of the daemons that start guests */
export const commonFiles = (network: HostNetwork, format: HostFormat): readonly NetworkFile[] => [
  ...sysctlFile(kernelSettings(network, format)),
  plainFile("etc/modules-load.d/guestnet.conf", renderLines(...modulesOf(network))),
  ...["libvirtd", "virtqemud"].map(daemonOrder),
];
