import type { BookedGuest } from "../../../addresses/book.ts";
import {
  addressDiff,
  describeAddressDifference,
  knownDomain,
  knownProfile,
} from "../../../addresses/diff.ts";
import { bookedDomain } from "../../../addresses/of-domain.ts";
import { guestsJson } from "../../../addresses/plan/json.ts";
import { segmentText } from "../../../addresses/plan/table.ts";
import { findProfiles, readHosts } from "../../genxml/addresses/read-plan.ts";
import { readFleetGuests } from "../../genxml/input/read-fleet.ts";
import { arrange, issueCount, renderReport } from "../../genxml/issue-report.ts";
import type { FormatSettings } from "../../shared/address-formats.ts";
import { writeAddresses } from "../../shared/write-addresses.ts";
import { renderColumns, type TableRow } from "../columns.ts";
import { reportWrong } from "../plan/plan.ts";
import type { Running } from "./read-running.ts";

/** What to show of running guests. */
export interface AddressesOptions {
  readonly settings: FormatSettings;
  /** Profiles to compare with; null for none. */
  readonly diff: readonly string[] | null;
  /** The host.json of all these profiles, or null for the one beside each. */
  readonly site: string | null;
}

const toRow = (...texts: readonly string[]): TableRow => ({
  kind: "cells",
  cells: texts.map((text) => ({ text })),
});

/** Returns a row for each address, or network that is routed to a guest. */
const renderTable = (guests: readonly BookedGuest[]): string =>
  renderColumns([
    toRow("HOST", "GUEST", "NIC", "ADDRESS", "NETWORK"),
    ...guests.flatMap((guest) =>
      guest.nics.flatMap(({ name, addresses, prefixes }) => [
        ...addresses.map(({ address, segment }) =>
          toRow(guest.host ?? "", guest.name, name, address, segmentText(segment) ?? ""),
        ),
        ...prefixes.map(({ prefix }) => toRow(guest.host ?? "", guest.name, name, prefix, "routed")),
      ]),
    ),
  ]);

const compare = async (
  paths: readonly string[],
  site: string | null,
  names: readonly string[],
  running: Running,
  json: boolean,
): Promise<0 | 1 | 2> => {
  const inputs = findProfiles(paths);
  const hosts = await readHosts(paths, inputs.files, site);
  const { guests, issues } = await readFleetGuests(
    inputs,
    hosts,
    () => undefined,
    ({ profile, host }) => knownProfile(profile, host?.site.name ?? null),
  );
  const options = { json: false, strict: false, quiet: false };
  const all = arrange(issues, inputs.files, options);
  process.stderr.write(renderReport(all, options, "guestnet"));
  const live = running.guests.map(({ domain, host }) => ({ ...knownDomain(domain, host), host }));
  const differences = addressDiff(guests, live, running.hosts, names);
  if (json) {
    const shown = differences.map((one) => ({ ...one, text: describeAddressDifference(one) }));
    process.stdout.write(`${JSON.stringify({ hosts: running.hosts, differences: shown }, null, 2)}\n`);
  } else {
    for (const one of differences) process.stdout.write(`${describeAddressDifference(one)}\n`);
  }
  const known = new Set([...guests, ...live].map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  reportWrong(unknown.map((name) => `guest ${name} has no profile, and is not running`));
  if (issueCount(all, "error") > 0 || unknown.length > 0) return 1;
  return differences.length > 0 ? 2 : 0;
};

/**
 * `guestnet addresses`: the addresses of running guests, in a format or compared with profiles.
 *
 * @param names of guests, or none for all
 * @returns the exit code: 1 where something could not be read, 2 for a difference
 */
export const addressesCommand = async (
  running: Running,
  names: readonly string[],
  { settings, diff, site }: AddressesOptions,
): Promise<0 | 1 | 2> => {
  reportWrong(running.wrong);
  const unread = running.wrong.length > 0;
  if (diff !== null) {
    const code = await compare(diff, site, names, running, settings.format === "json");
    return unread ? 1 : code;
  }
  const guests = running.guests.map(({ domain, host }) => bookedDomain(domain, host));
  const shown = {
    table: () => renderTable(guests),
    json: () => ({ hosts: running.hosts, guests: guestsJson(guests) }),
  };
  const warnings = writeAddresses(guests, [], shown, settings);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  return unread ? 1 : 0;
};
