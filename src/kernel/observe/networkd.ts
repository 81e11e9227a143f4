import type { IfName } from "../../values/names.ts";
import type { Host } from "../host.ts";

/**
 * Returns the file of systemd-networkd by which it configures a device, or null where it leaves the device alone or does not
 * run. It writes what it does with each device to a file of its own (sd-network, `link_save`).
 */
export const networkdFileOf = (dev: IfName, host: Pick<Host, "readFile">): string | null => {
  const index = host.readFile(`/sys/class/net/${dev}/ifindex`);
  const state = index === null ? null : host.readFile(`/run/systemd/netif/links/${index}`);
  return /^NETWORK_FILE=(.+)$/m.exec(state ?? "")?.[1] ?? null;
};
