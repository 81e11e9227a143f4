import { isRouted } from "../guest/nic.ts";
import { guestOfAlias } from "../kernel/facts/tap.ts";
import { type Finding, good, warning } from "./finding.ts";
import { tapsOf, type HostReadings } from "./host-readings.ts";

/** The name of a tap that is being made: the hook gives it the guest's as soon as it has its alias. */
const DRAFT = /^mk_[0-9a-f]{12}$/;

const leftTaps = ({ domains, links }: HostReadings): readonly Finding[] => {
  const running = new Set(tapsOf(domains));
  return links.flatMap(({ name, kind, alias, carrier }) => {
    const guest = guestOfAlias(alias ?? "");
    // A tap that some QEMU holds is nobody's to remove, whatever libvirt knows of it.
    if (kind !== "tun" || carrier || running.has(name) || (guest === null && !DRAFT.test(name))) return [];
    const whose =
      guest === null ? "a guest that the hook was killed for" : `the guest ${guest}, which does not run`;
    return warning(
      "leftovers",
      `${name} is the tap of ${whose}`,
      "its addresses lead nowhere, and no other guest can have them; the next start of this guest clears it away",
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
        "leftovers",
        `the host answers for ${address} on ${dev}, and no guest that runs has it`,
        "what is sent there is lost, also when the guest runs on another host now",
        `ip neigh del proxy ${address} dev ${dev}`,
      ),
    );
};

/** What guests have left that do not run: libvirtd or the hook was killed before their `release`. */
export const checkStaleTaps = (seen: HostReadings): readonly Finding[] => {
  // Who runs, only the daemon knows.
  if (seen.versions.libvirt.kind === "none") return [];
  const all = [...leftTaps(seen), ...leftProxies(seen)];
  return all.length > 0 ? all : [good("leftovers", "nothing is left of guests that do not run")];
};
