import { checkAutostart } from "./autostart.ts";
import { checkBridges } from "./bridges.ts";
import { checkConfinement } from "./confinement.ts";
import type { Finding } from "./finding.ts";
import { checkTraffic } from "./forwarding.ts";
import { checkNetworkManagers } from "./network-managers.ts";
import { checkHook } from "./hook.ts";
import type { HostReadings } from "./host-readings.ts";
import { checkNftTables } from "./nft-tables.ts";
import { checkStaleTaps } from "./stale-taps.ts";
import { checkUplinkVlans } from "./uplinks.ts";
import { checkVersions } from "./versions.ts";

const CHECKS: readonly ((seen: HostReadings) => readonly Finding[])[] = [
  checkVersions,
  checkNftTables,
  checkHook,
  checkConfinement,
  checkBridges,
  checkUplinkVlans,
  checkTraffic,
  checkNetworkManagers,
  checkStaleTaps,
  checkAutostart,
];

/** All checks, from what everything needs to what only some guests do. */
export const examine = (seen: HostReadings): readonly Finding[] => CHECKS.flatMap((check) => check(seen));
