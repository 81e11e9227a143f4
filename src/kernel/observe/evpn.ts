import type { IfName } from "../../values/names.ts";
import type { Host } from "../host.ts";

const NET = "/sys/class/net";

/** The driver's own parameter: a host without VXLAN has no such file, and is asked nothing else. */
const DRIVER = "/sys/module/vxlan/parameters/udp_port";

/** Returns the names of all devices: two lines of heading, and then `NAME: COUNTERS`. */
const devicesOf = ({ readFile }: Pick<Host, "readFile">): readonly string[] =>
  (readFile("/proc/net/dev") ?? "").split("\n").flatMap((line) => {
    const [name = "", counters] = line.split(":");
    return counters === undefined ? [] : [name.trim()];
  });

/**
 * Returns whether a daemon finds the addresses behind other hosts for a bridge (EVPN, RFC 8365): the bridge has a VXLAN port, and
 * learns nothing there (bridge(8), "learning off"). With a list of hosts instead, the bridge has to learn.
 */
export const isEvpnBridge = (bridge: IfName, host: Pick<Host, "readFile">): boolean => {
  const { readFile } = host;
  if (readFile(DRIVER) === null) return false;
  return devicesOf(host).some(
    (name) =>
      readFile(`${NET}/${bridge}/brif/${name}/learning`) === "0" &&
      (readFile(`${NET}/${name}/uevent`)?.includes("DEVTYPE=vxlan") ?? false),
  );
};
