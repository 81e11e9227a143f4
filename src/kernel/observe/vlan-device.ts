import type { PortVlanDevice } from "../facts/observed.ts";
import type { IfName } from "../../values/names.ts";
import { toVid } from "../../values/vid.ts";
import type { Host } from "../host.ts";

/**
 * Finds VLAN devices on ports of these bridges. Such a device takes the frames of its VLAN off the port before the bridge sees them
 * (vlan_do_receive comes before the port's rx_handler, net/core/dev.c), so guests in that VLAN would be cut off.
 */
export const observeVlanDevices = (host: Host, bridges: readonly IfName[]): readonly PortVlanDevice[] => {
  if (bridges.length === 0) return [];
  const table = host.readFile("/proc/net/vlan/config") ?? "";
  // Two lines of heading, and then: name | VLAN ID | device below.
  return table.split("\n").flatMap((line) => {
    const [device = "", id = "", port = ""] = line.split("|").map((column) => column.trim());
    const vid = /^\d+$/.test(id) ? toVid(Number(id)) : null;
    if (vid === null) return [];
    return bridges
      .filter((bridge) => host.readFile(`/sys/class/net/${bridge}/brif/${port}/port_no`) !== null)
      .map((bridge) => ({ bridge, device, port, vid }));
  });
};
