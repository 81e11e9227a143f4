import { toVid, vidSet, renderVidSet } from "../values/vid.ts";
import { error, type Finding, good, warning } from "./finding.ts";
import { uplinksOf, vlansByBridge, type HostReadings } from "./host-readings.ts";

const toText = (vids: readonly number[]): string =>
  renderVidSet(vidSet(vids.flatMap((vid) => toVid(vid) ?? [])));

const checkUplinks = (bridge: string, vids: readonly number[], seen: HostReadings): readonly Finding[] => {
  const uplinks = uplinksOf(bridge, seen);
  const check = `uplinks of ${bridge}`;
  if (uplinks.length === 0) return [good(check, "there is none: guests reach each other only")];
  return uplinks.map(({ name, vlans }) => {
    const missing = vids.filter((vid) => !vlans.includes(vid));
    if (missing.length === 0) return good(check, `${name} has all VLANs of the running guests`);
    const commands = toText(missing)
      .split(",")
      .map((range) => `bridge vlan add dev ${name} vid ${range}`);
    const why = "guests in them reach each other on this host, and nobody beyond it by this uplink";
    return warning(check, `${name} has not VLAN ${toText(missing)}`, why, commands.join("; "));
  });
};

/** VLAN devices on an uplink get its tagged frames before the bridge does (vlan_do_receive comes before the bridge). */
const checkStolen = (bridge: string, vids: readonly number[], seen: HostReadings): readonly Finding[] => {
  const uplinks = new Set(uplinksOf(bridge, seen).map(({ name }) => name));
  return seen.links.flatMap(({ name, lower, vlan }) =>
    lower !== null && vlan !== null && uplinks.has(lower) && vids.includes(vlan)
      ? [
          error(
            `VLAN ${String(vlan)} of ${bridge}`,
            `${name} is a VLAN device on its uplink ${lower}`,
            "it takes all frames of this VLAN that come in: guests send, and never hear an answer",
            `ip link delete dev ${name}, and what the host needs of it on the bridge: bridge vlan add dev ${bridge} vid ${String(vlan)} self; ip link add link ${bridge} name ${bridge}.${String(vlan)} type vlan id ${String(vlan)}`,
          ),
        ]
      : [],
  );
};

/** Whether the guests' VLANs get out of the host and in again. */
export const checkUplinkVlans = (seen: HostReadings): readonly Finding[] =>
  [...vlansByBridge(seen.domains)].flatMap(([bridge, vids]) => [
    ...checkUplinks(bridge, vids, seen),
    ...checkStolen(bridge, vids, seen),
  ]);
