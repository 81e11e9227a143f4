import type { HostReadings, LinkReading } from "../../../doctor/host-readings.ts";
import { ROUTE_PROTOCOL } from "../../../kernel/facts/route/route.ts";
import type { Host } from "../../../kernel/host.ts";
import { asList, asNumber, asText, membersOf, printedList } from "../../../values/json.ts";

/** NET_ADDR_SET (include/uapi/linux/netdevice.h): the MAC address was set, not derived. */
const ADDRESS_WAS_SET = "3";

/** `forward_delay` is printed in hundredths of a second. */
const HUNDREDTHS = 100;

const vlansIn = (documents: readonly unknown[]): ReadonlyMap<string, readonly number[]> =>
  new Map(
    documents.map(membersOf).map((entry) => {
      const vids = asList(entry["vlans"])
        .map(membersOf)
        .flatMap((vlan) => {
          const first = asNumber(vlan["vlan"]) ?? 0;
          const last = asNumber(vlan["vlanEnd"]) ?? first;
          return Array.from({ length: last - first + 1 }, (_, at) => first + at);
        });
      return [asText(entry["ifname"]) ?? "", vids] as const;
    }),
  );

const toLink = (
  document: unknown,
  vlans: ReadonlyMap<string, readonly number[]>,
  host: Pick<Host, "readFile">,
): LinkReading => {
  const json = membersOf(document);
  const name = asText(json["ifname"]) ?? "";
  const info = membersOf(json["linkinfo"]);
  const kind = asText(info["info_kind"]);
  const data = membersOf(info["info_data"]);
  return {
    name,
    kind,
    master: asText(json["master"]),
    alias: asText(json["ifalias"]),
    carrier: asList(json["flags"]).includes("LOWER_UP"),
    lower: kind === "vlan" ? asText(json["link"]) : null,
    vlan: kind === "vlan" ? asNumber(data["id"]) : null,
    vlans: vlans.get(name) ?? [],
    bridge:
      kind === "bridge"
        ? {
            filtering: data["vlan_filtering"] === 1,
            defaultPvid: asNumber(data["vlan_default_pvid"]) ?? 0,
            stp: (asNumber(data["stp_state"]) ?? 0) !== 0,
            forwardDelay: (asNumber(data["forward_delay"]) ?? 0) / HUNDREDTHS,
            ownMac: host.readFile(`/sys/class/net/${name}/addr_assign_type`) === ADDRESS_WAS_SET,
          }
        : null,
  };
};

const askJson = async (host: Host, file: string, ...args: readonly string[]): Promise<readonly unknown[]> =>
  printedList(await host.run(file, args));

/** Returns all devices with the properties that the checks need. */
export const readLinks = async (host: Host): Promise<readonly LinkReading[]> => {
  const [links, vlans] = await Promise.all([
    askJson(host, "ip", "-json", "-details", "link", "show"),
    askJson(host, "bridge", "-json", "vlan", "show"),
  ]);
  const byName = vlansIn(vlans);
  return links.map((link) => toLink(link, byName, host));
};

/** Returns the devices of IPv6 default routes from router advertisements. */
export const readAdvertised = async (host: Host): Promise<HostReadings["routedByAdvertisement"]> => {
  const routes = await askJson(host, "ip", "-json", "-6", "route", "show", "default");
  const devices = routes
    .map(membersOf)
    .flatMap((route) => (route["protocol"] === "ra" ? (asText(route["dev"]) ?? []) : []));
  return [...new Set(devices)];
};

/** Returns the neighbour proxies of guestnet, which have its protocol (ip-neighbour(8)). */
export const readProxies = async (host: Host): Promise<HostReadings["proxies"]> => {
  const entries = await askJson(host, "ip", "-json", "-N", "neigh", "show", "proxy");
  return entries.map(membersOf).flatMap((entry) => {
    const [address, dev] = [asText(entry["dst"]), asText(entry["dev"])];
    const ours = asText(entry["protocol"]) === String(ROUTE_PROTOCOL);
    return ours && address !== null && dev !== null ? [{ address, dev }] : [];
  });
};
