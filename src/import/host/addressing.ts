import type { LiveAddress, LiveNetwork, LiveRoute } from "../../live-network/live-network.ts";
import type { HostReport } from "./host-report.ts";
import type { WrittenAddressing } from "./written-host.ts";

/** Routes that `host.json` has a key for: one default route for each family, in table main or that of the device's VRF. */
const isDefault = (route: LiveRoute): boolean =>
  route.to === "default" && route.type === "unicast" && route.via !== null && route.hops === 1;

/** Routes that a router or a DHCP server gave (rtnetlink(7), "rtm_protocol"). */
const LEARNED: ReadonlySet<string> = new Set(["ra", "dhcp"]);

const inOrder = (a: LiveRoute, b: LiveRoute): number => (a.metric ?? 0) - (b.metric ?? 0);

/** Returns the default routes that the device's own settings describe: the best for each family. */
export const defaultRoutesOf = (
  dev: string,
  vrfTable: string,
  { routes }: LiveNetwork,
): readonly LiveRoute[] => {
  const all = routes.filter((route) => route.dev === dev && route.table === vrfTable && isDefault(route));
  return (["ipv4", "ipv6"] as const).flatMap((family) => {
    const [best] = all.filter((route) => route.family === family).sort(inOrder);
    return best === undefined ? [] : [best];
  });
};

const isLocal = ({ scope }: LiveAddress): boolean => scope === "link" || scope === "host";

const textOf = ({ address, length }: LiveAddress): string => `${address}/${String(length)}`;

/** The table of a VRF by its device, or main. */
export const tableOf = (
  master: string | null,
  { links }: LiveNetwork,
): { vrf: string | null; table: string } => {
  const vrf = links.find((link) => link.name === master && link.vrf !== null);
  return vrf === undefined
    ? { vrf: null, table: "main" }
    : { vrf: vrf.name, table: String(vrf.vrf?.table ?? "") };
};

/**
 * Returns how the host is addressed on a device, or null if it has no address there.
 *
 * @param dev the device
 * @param master the device above it, which may be a VRF
 */
export const addressingOf = (
  dev: string,
  master: string | null,
  network: LiveNetwork,
  report: HostReport,
): WrittenAddressing | null => {
  const { vrf, table } = tableOf(master, network);
  const own = network.addresses.filter((one) => one.dev === dev && !isLocal(one));
  for (const { address, length, peer } of own.filter((one) => one.peer !== null))
    report.dropped(
      `${dev}: ${address} peer ${peer ?? ""}/${String(length)}`,
      "host.json has no key for point-to-point addresses",
      true,
    );
  const plain = own.filter(({ peer }) => peer === null);
  const routes = defaultRoutesOf(dev, table, network);
  const dhcp =
    plain.some(({ family, dynamic }) => dynamic && family === "ipv4") ||
    routes.some(({ protocol }) => protocol === "dhcp");
  const slaac =
    plain.some(({ family, dynamic, fromRouter }) => family === "ipv6" && (dynamic || fromRouter)) ||
    routes.some(({ protocol }) => protocol === "ra");
  const fixed = plain.filter(({ dynamic, fromRouter }) => !dynamic && !fromRouter);
  const addresses = [...fixed.map(textOf), ...(dhcp ? ["dhcp"] : []), ...(slaac ? ["slaac"] : [])];
  const gateway = routes.flatMap(({ protocol, via }) => (LEARNED.has(protocol) || via === null ? [] : [via]));
  if (addresses.length === 0 && gateway.length === 0) return null;
  return {
    addresses,
    ...(gateway.length === 0 ? {} : { gateway }),
    ...(vrf === null ? {} : { vrf }),
  };
};
