import { rangeTexts, renderVidSet, toVid, vidSet } from "../values/vid.ts";
import { error, type Finding, ok, warning } from "./finding.ts";
import { uplinksOf, vlansByBridge, type HostReadings } from "./host-readings.ts";

const checkUplinks = (bridge: string, vids: readonly number[], seen: HostReadings): readonly Finding[] => {
  const uplinks = uplinksOf(bridge, seen);
  const check = `uplinks of ${bridge}`;
  if (uplinks.length === 0) return [ok(check, "none: guests reach only each other")];
  return uplinks.map(({ name, vlans }) => {
    const missing = vids.filter((vid) => !vlans.includes(vid));
    if (missing.length === 0) return ok(check, `${name} carries all VLANs of the running guests`);
    const set = vidSet(missing.flatMap((vid) => toVid(vid) ?? []));
    const commands = rangeTexts(set).map((range) => `bridge vlan add dev ${name} vid ${range}`);
    const impact = "guests in these VLANs reach only each other on this host";
    return warning(check, `${name} does not carry VLAN ${renderVidSet(set)}`, impact, ...commands);
  });
};

/** VLAN devices on an uplink receive its tagged frames before the bridge does (vlan_do_receive comes before the bridge). */
const checkVlanDevices = (
  bridge: string,
  vids: readonly number[],
  seen: HostReadings,
): readonly Finding[] => {
  const uplinks = new Set(uplinksOf(bridge, seen).map(({ name }) => name));
  return seen.links.flatMap(({ name, lower, vlan }) =>
    lower !== null && vlan !== null && uplinks.has(lower) && vids.includes(vlan)
      ? [
          error(
            `VLAN ${String(vlan)} of ${bridge}`,
            `${name} is a VLAN device on its uplink ${lower}`,
            "it takes all incoming frames of this VLAN: guests can send, but receive no answers",
            `ip link delete dev ${name}`,
            "# for an address of the host in this VLAN:",
            `# bridge vlan add dev ${bridge} vid ${String(vlan)} self`,
            `# ip link add link ${bridge} name ${bridge}.${String(vlan)} type vlan id ${String(vlan)}`,
          ),
        ]
      : [],
  );
};

/** Checks whether the guests' VLANs reach the network beyond the host. */
export const checkUplinkVlans = (seen: HostReadings): readonly Finding[] =>
  [...vlansByBridge(seen.domains)].flatMap(([bridge, vids]) => [
    ...checkUplinks(bridge, vids, seen),
    ...checkVlanDevices(bridge, vids, seen),
  ]);
