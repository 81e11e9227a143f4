import type { Device } from "../facts/device.ts";
import { PORT_FLAGS, type PortFlagFact } from "../facts/port/port-flag.ts";
import { observeGroup } from "../facts/port/port-group.ts";
import type { PortVlanFact } from "../facts/port/port-vlan.ts";
import type { NewPort, Scope } from "../facts/scope.ts";
import type { IfName } from "../../values/names.ts";
import { toVid } from "../../values/vid.ts";
import type { Host } from "../host.ts";
import { NOTHING_READ, type Reading } from "./reading.ts";

const NET = "/sys/class/net";

const device = (name: IfName, kind: string, more: Partial<Device>): Device => ({
  ...{ name, kind, master: null, alias: null, mac: "", group: 0, mtu: 0, up: true, tap: null, bridge: null },
  vrf: null,
  ...more,
});

/** Reads the kernel's own files of a port and its bridge; returns nothing if they differ from what the port requires. */
const readPort = ({ port, bridge }: NewPort, host: Host): readonly Device[] => {
  if (host.readFile(`${NET}/${bridge}/brif/${port}/port_no`) === null) return [];
  if (host.readFile(`${NET}/${bridge}/bridge/vlan_filtering`) !== "1") return [];
  const pvid = host.readFile(`${NET}/${bridge}/bridge/default_pvid`);
  const group = host.readFile(`${NET}/${port}/netdev_group`);
  if (pvid === null || group === null) return [];
  return [
    device(port, "tun", { master: bridge, group: Number(group) }),
    device(bridge, "bridge", { bridge: { vlanFiltering: true, defaultPvid: Number(pvid) } }),
  ];
};

/**
 * Reads ports that libvirt has just made, and their bridges, from files, where asking `ip` would be a process.
 *
 * @returns null when there is anything else to observe, or something differs: `ip` then shows what
 */
export const readNewPorts = ({ newPorts, ports, trunkings }: Scope, host: Host): Reading | null => {
  if (newPorts.length === 0 || newPorts.length < ports.length) return null;
  if (trunkings.some(({ mode }) => mode === "follow-guests")) return null;
  const read = newPorts.map((one) => readPort(one, host));
  if (read.some((devices) => devices.length === 0)) return null;
  const devices = read.flat();
  return {
    ...NOTHING_READ,
    devices,
    facts: devices.flatMap((one) => (one.kind === "tun" ? observeGroup(one) : [])),
  };
};

/**
 * Returns what must be true of such ports as the kernel makes them (br_add_if): in the bridge's default VLAN, learning, with no other
 * flag and no static entry. No other program uses their names yet. Callers observe the ports afterwards.
 */
export const expectNewPorts = (devices: readonly Device[]): Reading => {
  const bridges = new Map(devices.map(({ name, bridge }) => [String(name), bridge]));
  const facts = devices.flatMap(({ name, master }) =>
    master === null ? [] : initialFacts(name, bridges.get(master)?.defaultPvid ?? 0),
  );
  return { ...NOTHING_READ, facts };
};

/** Returns what the kernel gives a new port (new_nbp, net/bridge/br_if.c): the bridge's default VLAN, and of the flags, learning. */
export const initialFacts = (port: IfName, defaultPvid: number): readonly (PortVlanFact | PortFlagFact)[] => {
  const vid = toVid(defaultPvid);
  const flags = PORT_FLAGS.map((flag): PortFlagFact => ({
    ...{ kind: "port-flag", port, flag },
    on: flag === "learning",
  }));
  return vid === null ? flags : [{ kind: "port-vlan", port, vid, pvid: true, untagged: true }, ...flags];
};
