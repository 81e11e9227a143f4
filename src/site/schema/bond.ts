import { BOND_MODES, HASH_POLICIES } from "../../guest/site.ts";
import { mac } from "../../profile/schema/network.ts";
import { deviceName } from "./device-name.ts";
import { choice, count, list, object, optional, required } from "../../text/schema.ts";

/** A bond, in the words of the kernel's bonding.rst. */
export const bond = object({
  ports: required(list(deviceName), "Physical interfaces of the bond, at least one."),
  mode: optional(
    choice(BOND_MODES),
    "How the bond uses its ports. 802.3ad (LACP) needs the same setting on the switch.",
    "active-backup",
  ),
  miimon: optional(count(1, 60_000), "Milliseconds between two checks of the ports' carrier.", 100),
  lacpRate: optional(
    choice(["slow", "fast"]),
    "How often the partner sends LACP frames: every 30 seconds or every second; only with 802.3ad. Default: the kernel's default, slow.",
  ),
  hashPolicy: optional(
    choice(HASH_POLICIES),
    "What selects the port of a frame; only with balance-xor, 802.3ad and balance-tlb. Default: the kernel's default, layer2.",
  ),
  primary: optional(
    deviceName,
    "Port that is used while it has a carrier; only with active-backup, balance-tlb and balance-alb. Default: none.",
  ),
  minLinks: optional(
    count(1, 255),
    "Ports with a carrier that the bond needs to have one itself; only with 802.3ad. Default: the kernel's default, 0.",
  ),
  mac: optional(mac, "MAC address of the bond. Default: that of its first port."),
});
