import { toHostNetwork } from "../../src/host-network/to-host-network.ts";
import type { HostNetwork } from "../../src/host-network/host-network.ts";
import type { LiveNetwork } from "../../src/live-network/live-network.ts";
import { QUERIES, toLiveNetwork } from "../../src/live-network/readings.ts";
import { readSysctls, SYSCTL_FILE } from "../../src/live-network/sysctls.ts";
import { parseSite } from "../../src/site/site.ts";
import { type Case, liveHostCases } from "../support/cases.ts";

/** A real host, and the network of the host.json that describes it. */
export interface Described {
  readonly live: LiveNetwork;
  readonly network: HostNetwork;
}

const describedBy = (one: Case): Described => {
  const site = parseSite(one.read("host.json") ?? "");
  if (!site.ok) throw new Error(`${one.name} has errors`);
  const answers = new Map(QUERIES.map(({ file }) => [file, one.read(file) ?? ""]));
  return {
    live: toLiveNetwork(answers, readSysctls(one.read(SYSCTL_FILE) ?? "")),
    network: toHostNetwork(site.value),
  };
};

export const described = (name: string): Described => {
  const one = liveHostCases().find((each) => each.name === name);
  if (one === undefined) throw new Error(`there is no host ${name}`);
  return describedBy(one);
};
