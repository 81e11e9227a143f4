import type { IfName } from "../../values/names.ts";
import type { Host } from "../host.ts";

const NET = "/sys/class/net";

/** The driver's own parameter: a host without VXLAN has no such file, and nothing else of it is read. */
const DRIVER = "/sys/module/vxlan/parameters/udp_port";

const NONE: ReadonlySet<IfName> = new Set();

/** Returns the names of all devices: two lines of heading, and then `NAME: COUNTERS`. */
const devicesOf = ({ readFile }: Pick<Host, "readFile">): readonly string[] =>
  (readFile("/proc/net/dev") ?? "")
    .split("\n")
    .filter((line) => line.includes(":"))
    .map((line) => line.slice(0, line.indexOf(":")).trim());

/** Devices without hardware. Their links below {@link NET} would take the kernel half as long again. */
const VIRTUAL = "/sys/devices/virtual/net";

/** A tap is no VXLAN device, and most devices of a host are taps. Only they have this file (drivers/net/tun.c, tun_dev_attrs). */
const isTap = (name: string, { exists }: Pick<Host, "exists">): boolean =>
  exists(`${VIRTUAL}/${name}/tun_flags`);

/**
 * Returns those of the bridges for which a daemon finds the addresses behind other hosts (EVPN, RFC 8365): such a bridge has a VXLAN
 * port, and learns nothing there (bridge(8), "learning off"). With a list of hosts instead, the bridge has to learn.
 */
export const evpnBridges = (
  bridges: ReadonlySet<IfName>,
  host: Pick<Host, "readFile" | "exists">,
): ReadonlySet<IfName> => {
  const { readFile } = host;
  if (bridges.size === 0 || readFile(DRIVER) === null) return NONE;
  const devices = devicesOf(host).filter((name) => !isTap(name, host));
  const isUnlearnedVxlan = (bridge: IfName, name: string): boolean =>
    readFile(`${NET}/${bridge}/brif/${name}/learning`) === "0" &&
    (readFile(`${NET}/${name}/uevent`)?.includes("DEVTYPE=vxlan") ?? false);
  return new Set([...bridges].filter((bridge) => devices.some((name) => isUnlearnedVxlan(bridge, name))));
};
