import { error, type Finding, good, warning } from "./finding.ts";
import { vlansByBridge, type HostReadings, type BridgeReading } from "./host-readings.ts";

const checkBridge = (name: string, bridge: BridgeReading): readonly Finding[] => {
  const check = `bridge ${name}`;
  const set = (setting: string): string => `ip link set dev ${name} type bridge ${setting}`;
  const { filtering, defaultPvid, stp, forwardDelay, ownMac } = bridge;
  const found: Finding[] = [];
  if (!filtering) {
    const why =
      "VLANs mean nothing on it: every guest hears every other, and the hook refuses to start guests on it";
    found.push(error(check, "it does not filter VLANs", why, set("vlan_filtering 1")));
  }
  if (filtering && defaultPvid !== 0) {
    const why =
      "until the hook has run, and for ever where it is missing, a new port is in that VLAN; with 0 it is in none";
    found.push(warning(check, `its default PVID is ${String(defaultPvid)}`, why, set("vlan_default_pvid 0")));
  }
  if (!ownMac) {
    const why =
      "it takes the lowest MAC address of its ports: it changes as guests come and go, and the host's own address on it moves with it";
    found.push(
      warning(check, "it has no MAC address of its own", why, `ip link set dev ${name} address 02:…`),
    );
  }
  if (stp && forwardDelay > 0) {
    const why = `a guest hears nothing for ${String(2 * forwardDelay)} s after its start, which is longer than its DHCP client may wait`;
    found.push(
      warning(check, `STP is on, with a forward delay of ${String(forwardDelay)} s`, why, set("stp_state 0")),
    );
  }
  return found.length > 0 ? found : [good(check, "filters VLANs, default PVID 0, a MAC address of its own")];
};

/** Whether the bridges are fit for guests: those that filter VLANs, and those that running guests are on. */
export const checkBridges = (seen: HostReadings): readonly Finding[] => {
  const used = vlansByBridge(seen.domains);
  const all = seen.links.flatMap(({ name, bridge }) =>
    bridge !== null && (bridge.filtering || used.has(name)) ? checkBridge(name, bridge) : [],
  );
  const missing = [...used.keys()]
    .filter((name) => !seen.links.some((link) => link.name === name && link.bridge !== null))
    .map((name) =>
      error(
        `bridge ${name}`,
        "running guests are on it, and it is gone",
        "they reach nobody",
        `ip link add ${name} type bridge vlan_filtering 1 vlan_default_pvid 0, then guestnet apply`,
      ),
    );
  return [...all, ...missing];
};
