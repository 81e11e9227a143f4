import { error, type Finding, ok, warning } from "./finding.ts";
import { vlansByBridge, type HostReadings, type BridgeReading } from "./host-readings.ts";

const checkBridge = (name: string, bridge: BridgeReading): readonly Finding[] => {
  const check = `bridge ${name}`;
  const set = (setting: string): string => `ip link set dev ${name} type bridge ${setting}`;
  const { filtering, defaultPvid, stp, forwardDelay, ownMac } = bridge;
  const found: Finding[] = [];
  if (!filtering) {
    const impact = "all guests on it share one network, and the hook refuses to start guests there";
    found.push(error(check, "it does not filter VLANs", impact, set("vlan_filtering 1")));
  }
  if (filtering && defaultPvid !== 0) {
    const impact = "new ports join this VLAN until the hook runs, or permanently without the hook";
    found.push(
      warning(check, `its default PVID is ${String(defaultPvid)}`, impact, set("vlan_default_pvid 0")),
    );
  }
  if (!ownMac) {
    const impact =
      "its MAC address changes as guests start and stop, and so does that of the host's own address on it";
    found.push(
      warning(check, "it has no MAC address of its own", impact, `ip link set dev ${name} address 02:…`),
    );
  }
  if (stp && forwardDelay > 0) {
    const impact = `a guest receives nothing for ${String(2 * forwardDelay)} s after its start, and its DHCP client may give up`;
    found.push(
      warning(
        check,
        `STP is on, with a forward delay of ${String(forwardDelay)} s`,
        impact,
        set("stp_state 0"),
      ),
    );
  }
  return found.length > 0 ? found : [ok(check, "VLAN-aware, default PVID 0, its own MAC address")];
};

/** Checks the VLAN-aware bridges, and those of running guests. */
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
        "it does not exist, and running guests were on it",
        "these guests have no network",
        `ip link add ${name} type bridge vlan_filtering 1 vlan_default_pvid 0`,
        "guestnet apply",
      ),
    );
  return [...all, ...missing];
};
