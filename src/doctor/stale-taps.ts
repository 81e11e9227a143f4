import { isRouted } from "../guest/nic.ts";
import { guestOfAlias } from "../kernel/facts/tap/tap.ts";
import { type Finding, ok, warning } from "./finding.ts";
import { tapsOf, type HostReadings } from "./host-readings.ts";

/** The name of a tap that is being made: the hook gives it the guest's as soon as it has its alias. */
const DRAFT = /^mk_[0-9a-f]{12}$/;

const leftTaps = ({ domains, links }: HostReadings): readonly Finding[] => {
  const running = new Set(tapsOf(domains));
  return links.flatMap(({ name, kind, alias, carrier }) => {
    const guest = guestOfAlias(alias ?? "");
    // A tap that a QEMU process holds open is in use, even where libvirt does not list its guest.
    if (kind !== "tun" || carrier || running.has(name) || (guest === null && !DRAFT.test(name))) return [];
    const whose = guest === null ? "a start that was interrupted" : `guest ${guest}, which does not run`;
    return warning(
      "stale taps",
      `${name} is the tap of ${whose}`,
      "its addresses lead nowhere, and no other guest can use them until this guest starts again",
      `ip link delete dev ${name}`,
    );
  });
};

const leftProxies = ({ domains, proxies }: HostReadings): readonly Finding[] => {
  const wanted = new Set(
    domains
      .flatMap(({ nics }) => nics.filter(isRouted))
      .flatMap(({ attachment: { addresses, proxyOn } }) =>
        addresses.flatMap((address) => proxyOn.map((dev) => `${address} ${dev}`)),
      ),
  );
  return proxies
    .filter(({ address, dev }) => !wanted.has(`${address} ${dev}`))
    .map(({ address, dev }) =>
      warning(
        "stale taps",
        `the host answers for ${address} on ${dev}, and no running guest has it`,
        "packets to this address are lost, even if the guest runs on another host",
        `ip neigh del proxy ${address} dev ${dev}`,
      ),
    );
};

/** Returns what is left of guests that do not run: libvirtd or the hook was killed before their `release`. */
export const checkStaleTaps = (seen: HostReadings): readonly Finding[] => {
  // Only the daemon has the list of running guests.
  if (seen.versions.libvirt.kind === "none") return [];
  const all = [...leftTaps(seen), ...leftProxies(seen)];
  return all.length > 0 ? all : [ok("stale taps", "none")];
};
