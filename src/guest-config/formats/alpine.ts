import { good } from "../../values/result.ts";
import type { GuestFormat } from "../format.ts";
import { interfacesFile } from "../interfaces-file.ts";
import { resolvConf } from "../resolv-conf.ts";
import { textFile } from "../text-file.ts";

/**
 * /etc/network/interfaces of Alpine Linux, for its ifupdown-ng (interfaces(5)) and for busybox, and /etc/resolv.conf.
 *
 * Alpine has no udev: the kernel names virtio NICs `eth0`, `eth1` … in the order of the profile.
 */
export const alpine: GuestFormat = (interfaces) =>
  good([textFile("interfaces", interfacesFile(interfaces)), ...resolvConf(interfaces)]);
