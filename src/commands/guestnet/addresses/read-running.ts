import { hostname } from "node:os";
import type { LiveDomain } from "../../../guest/nic.ts";
import { isOurs, type ReadDomain } from "../../../survey/survey.ts";
import { onEachHost } from "../hosts/each-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import { openThisHost, readGuests } from "../this-host.ts";

const ALL_ENDS_MS = 30_000;

/** Running guests of guestnet, and what could not be read. */
export interface Running {
  /** The hosts that have answered. */
  readonly hosts: readonly string[];
  readonly guests: readonly { readonly host: string; readonly domain: LiveDomain }[];
  readonly wrong: readonly string[];
}

const toRunning = (host: string, domains: readonly ReadDomain[]): Running => ({
  hosts: [host],
  guests: domains
    .filter(isOurs)
    .flatMap((one) => (one.kind === "read" ? [{ host, domain: one.domain }] : [])),
  wrong: domains.flatMap((one) =>
    one.kind === "invalid" ? one.reasons.map((reason) => `guest ${one.name}: ${reason}`) : [],
  ),
});

/** Reads the guests of this host. @param names guests, or none for all */
export const readHere = async (names: readonly string[], uri: string): Promise<Running> => {
  const domains = await readGuests(names, openThisHost("addresses", uri, ALL_ENDS_MS));
  return toRunning(hostname(), domains);
};

/** Reads the guests of other hosts, all at the same time. */
export const readRunningOn = async (names: readonly string[], hosts: ManyHosts): Promise<Running> => {
  const answers = await onEachHost("addresses", hosts, async (open, host) =>
    toRunning(
      host,
      (await readGuests([], open)).filter(({ name }) => names.length === 0 || names.includes(name)),
    ),
  );
  const seen = answers.flatMap((answer) => (answer.kind === "seen" ? [answer.value] : []));
  return {
    hosts: seen.flatMap((one) => one.hosts),
    guests: seen.flatMap((one) => one.guests),
    wrong: [
      ...answers.flatMap((answer) => (answer.kind === "silent" ? [`${answer.host}: ${answer.why}`] : [])),
      ...seen.flatMap((one) => one.wrong),
    ],
  };
};
