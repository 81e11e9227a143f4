import { good } from "../../values/result.ts";
import type { GuestFormat } from "../format.ts";
import { privateFile } from "../text-file.ts";
import { toVersion2 } from "../version2.ts";
import { toYaml } from "../yaml.ts";

/**
 * A file for /etc/netplan (netplan-yaml(5)). netplan 1.0 warns about files that others can read.
 *
 * Its `gateway6` is deprecated; each default route is one of `routes`.
 */
export const netplan: GuestFormat = (interfaces) =>
  good([privateFile("50-guest.yaml", toYaml({ network: toVersion2(interfaces, () => undefined) }))]);
