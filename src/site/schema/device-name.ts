import { parseIfName } from "../../values/names.ts";
import { expects, read } from "../../text/schema.ts";

/** Names that need no quotes in the files of any network manager, where `*`, `%` and `$` have meanings of their own. */
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,14}$/;

/** A network interface of the host. */
export const deviceName = read(
  (text) => (PLAIN.test(text) ? parseIfName(text) : null),
  PLAIN,
  expects(
    "interface-name",
    "must be a network interface name: 1 to 15 letters, digits, dots, dashes or underscores",
  ),
);
