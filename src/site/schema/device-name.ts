import { parseIfName } from "../../values/names.ts";
import { expects, read } from "../../text/schema.ts";

/**
 * Names that need no quotes in the files of any network manager, where `*`, `%` and `$` have meanings of their own. The kernel refuses
 * `all` and `default`, which mean every device in /proc/sys (sysctl_dev_name_is_allowed).
 */
const OWN = /^(?!(?:all|default)$)[A-Za-z0-9_][A-Za-z0-9._-]{0,14}$/;

const MESSAGE =
  "must be a network interface name: 1 to 15 letters, digits, dots, dashes or underscores, except all and default";

/** A network interface of the host with addresses, which may be its loopback. */
export const interfaceName = read(
  (text) => (OWN.test(text) ? parseIfName(text) : null),
  OWN,
  expects("interface-name", MESSAGE),
);

/** The loopback is neither made nor a port of another device. */
const MADE = /^(?!(?:all|default|lo)$)[A-Za-z0-9_][A-Za-z0-9._-]{0,14}$/;

/** A network interface that is made, or is a port of one that is. */
export const deviceName = read(
  (text) => (MADE.test(text) ? parseIfName(text) : null),
  MADE,
  expects("interface-name", MESSAGE.replace("all and default", "lo, all and default")),
);
