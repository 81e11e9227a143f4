import type { Family } from "../values/address.ts";
import { familyOf } from "../values/address.ts";
import { FORWARDING } from "../kernel/facts/demand.ts";
import { isRouted } from "../guest/nic.ts";
import { error, type Finding, ok, warning } from "./finding.ts";
import { hasRouted, type HostReadings } from "./host-readings.ts";

const NAMES: Readonly<Record<Family, string>> = { ipv4: "IPv4", ipv6: "IPv6" };

const checkForwarding = ({ domains, sysctl }: HostReadings): readonly Finding[] => {
  const nics = domains.flatMap((domain) => domain.nics).filter(isRouted);
  const families = new Set(nics.flatMap(({ attachment }) => attachment.addresses.map(familyOf)));
  return [...families].sort().map((family) => {
    const name = FORWARDING[family];
    return sysctl(name) === "1"
      ? ok(`${NAMES[family]} forwarding`, "on")
      : error(
          `${NAMES[family]} forwarding`,
          `${name} is ${sysctl(name) ?? "missing"}`,
          "routed guests reach no address beyond this host",
          `sysctl -w ${name}=1`,
        );
  });
};

/** A forwarding host ignores router advertisements unless accept_ra is 2 (ip-sysctl, accept_ra). */
const checkAdvertisements = ({ sysctl, routedByAdvertisement }: HostReadings): readonly Finding[] =>
  sysctl(FORWARDING.ipv6) !== "1"
    ? []
    : routedByAdvertisement.map((dev) => {
        const name = `net/ipv6/conf/${dev}/accept_ra`;
        return sysctl(name) === "2"
          ? ok(`IPv6 default route of ${dev}`, "learned from router advertisements, and renewed")
          : warning(
              `IPv6 default route of ${dev}`,
              `learned from router advertisements, and ${name} is ${sysctl(name) ?? "missing"}`,
              "a forwarding host ignores router advertisements: the route will expire",
              "# unless a network manager renews the route:",
              `sysctl -w ${name}=2`,
            );
      });

const FILTERS = ["iptables", "ip6tables", "arptables"] as const;

const checkBridgeFilters = ({ sysctl }: HostReadings): readonly Finding[] => {
  const on = FILTERS.map((table) => `net/bridge/bridge-nf-call-${table}`).filter(
    (name) => sysctl(name) === "1",
  );
  return on.length === 0
    ? [ok("bridge-nf-call", "off: frames between guests do not pass iptables")]
    : [
        warning(
          "bridge-nf-call",
          `${on.join(", ")} ${on.length === 1 ? "is" : "are"} on`,
          "frames between guests pass the host's iptables rules and connection tracking, which may drop them",
          ...on.map((name) => `sysctl -w ${name}=0`),
        ),
      ];
};

/** Checks whether the host forwards what guests send and receive. */
export const checkTraffic = (seen: HostReadings): readonly Finding[] => [
  ...checkForwarding(seen),
  ...(hasRouted(seen.domains) ? checkAdvertisements(seen) : []),
  ...checkBridgeFilters(seen),
];
