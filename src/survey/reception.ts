import { desiredAt } from "../kernel/desired/desired-at.ts";
import type { Demand, Unmet } from "../kernel/facts/demand.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import type { UplinkVlanFact } from "../kernel/facts/port/uplink-vlan.ts";
import type { LiveDomain } from "../guest/nic.ts";
import { evpnBridgesOf, occasionOf } from "../kernel/occasion.ts";
import { type AskedHost, observe } from "../kernel/observe/observe.ts";
import { checkDemand } from "../kernel/plan/check-demand.ts";

/** The host as an incoming guest would find it. */
export interface Reception {
  readonly domain: LiveDomain;
  /** Why the hook there would refuse it. */
  readonly refused: readonly Unmet[];
  /** VLANs that uplinks there do not carry. */
  readonly missing: readonly UplinkVlanFact[];
}

/** A bridge port is libvirt's to make, after `prepare`: what it will be like cannot be asked before. */
const isBeforeTap = ({ kind }: Demand): boolean => kind !== "port-of" && kind !== "lockable";

const demandsOf = async (desired: Desired, host: AskedHost): Promise<Omit<Reception, "domain">> => {
  const observed = await observe(desired.scope, host);
  return {
    refused: desired.demands.filter(isBeforeTap).flatMap((demand) => checkDemand(demand, observed) ?? []),
    missing: observed.missing,
  };
};

/**
 * Asks a host what the hook there will ask at `prepare` and `start`.
 *
 * @param arrival `coming` from the host that it runs on, or `here` for a guest that runs nowhere
 */
export const receptionOf = async (
  domain: LiveDomain,
  arrival: "coming" | "here",
  host: AskedHost,
): Promise<Reception> => {
  const evpn = evpnBridgesOf(domain.nics, host);
  const operations = ["prepare", "start"] as const;
  const desired = operations.flatMap((operation) =>
    domain.nics.flatMap(
      (nic) => desiredAt(operation, nic, occasionOf(nic, domain.uuid, arrival, evpn)) ?? [],
    ),
  );
  const all = await Promise.all(desired.map((one) => demandsOf(one, host)));
  return {
    domain,
    refused: all.flatMap(({ refused }) => refused),
    missing: all.flatMap(({ missing }) => missing),
  };
};
