import { desiredAt } from "../hook/handle.ts";
import type { Demand } from "../kernel/facts/demand.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import type { UplinkVlanFact } from "../kernel/facts/fact.ts";
import type { LiveDomain } from "../guest/nic.ts";
import type { Host } from "../kernel/host.ts";
import { look, toView } from "../kernel/observe/observe.ts";
import { unmet } from "../kernel/plan/unmet.ts";

/** How a guest would find a host that it does not run on yet. */
export interface Reception {
  readonly domain: LiveDomain;
  /** Why the hook there would refuse it: what is wrong, a colon, and what to do. */
  readonly refused: readonly string[];
  /** VLANs that uplinks there do not carry. */
  readonly missing: readonly UplinkVlanFact[];
}

/** A bridge port is libvirt's to make, after `prepare`: what it will be like cannot be asked before. */
const isBeforeTap = ({ kind }: Demand): boolean => kind !== "port-of" && kind !== "lockable";

const demandsOf = async (desired: Desired, host: Host): Promise<Omit<Reception, "domain">> => {
  const view = toView(desired.scope, await look(desired.scope, host), host);
  return {
    refused: desired.demands.filter(isBeforeTap).flatMap((demand) => unmet(demand, view) ?? []),
    missing: view.missing,
  };
};

/** Asks another host what the hook there will ask at `prepare` and `start`. */
export const receptionOf = async (domain: LiveDomain, host: Host): Promise<Reception> => {
  const operations = ["prepare", "start"] as const;
  const desired = operations.flatMap((operation) =>
    domain.nics.flatMap((nic) => desiredAt(operation, nic, domain, "coming") ?? []),
  );
  const all = await Promise.all(desired.map((one) => demandsOf(one, host)));
  return {
    domain,
    refused: [...new Set(all.flatMap(({ refused }) => refused))],
    missing: all.flatMap(({ missing }) => missing),
  };
};
