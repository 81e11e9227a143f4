import type { Machine } from "../../../lab/lab.ts";
import { until } from "../until.ts";

/** Who forwards: the kernel's module, or ovs-vswitchd itself, which needs nothing of the kernel but taps and packet sockets. */
export type Datapath = "system" | "netdev";

/** Starts Open vSwitch in a machine, with a database of its own, and makes a bridge with an uplink that has all VLANs. */
export const startOpenVSwitch = async (
  machine: Machine,
  datapath: Datapath,
  bridge: string,
  uplink: string,
): Promise<void> => {
  // In the first seconds after boot ovs-vswitchd (3.1) counts no processor, and its module then has no handler for any packet.
  if (datapath === "system") await until(machine, "[ $(cut -d. -f1 /proc/uptime) -gt 11 ]");
  await machine.sh(`
    mkdir -p /run/openvswitch /var/log/openvswitch
    db=/run/openvswitch/conf.db
    ovsdb-tool create $db /usr/share/openvswitch/vswitch.ovsschema
    ovsdb-server --detach --pidfile --remote=punix:/run/openvswitch/db.sock --log-file -vconsole:off $db
    ovs-vsctl --no-wait init
    ovs-vswitchd --detach --pidfile --log-file -vconsole:off
    ovs-vsctl --timeout=50 add-br ${bridge} -- set bridge ${bridge} datapath_type=${datapath}
    ovs-vsctl --timeout=50 add-port ${bridge} ${uplink}`);
};

/** A port's VLANs, as Open vSwitch has them. */
export const ovsPort = async (machine: Machine, port: string): Promise<string> => {
  const shown = await machine.sh(`ovs-vsctl get port ${port} vlan_mode tag trunks`);
  return shown.trim().split("\n").join(" ");
};

/** The ports of a bridge, in the order of their names. */
export const ovsPorts = async (machine: Machine, bridge: string): Promise<readonly string[]> =>
  (await machine.sh(`ovs-vsctl list-ports ${bridge}`))
    .split("\n")
    .filter((port) => port !== "")
    .sort();
