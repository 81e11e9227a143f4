import { readPaused } from "../../../../run/virsh.ts";
import type { LiveDomain } from "../../../../guest/nic.ts";
import { conflictsOf, describeConflict, type PlacedGuest } from "../../../../survey/conflicts.ts";
import type { OpenHost } from "../../hosts/open-host.ts";
import { readGuests } from "../../this-host.ts";

const readPlaced = async (open: OpenHost, host: string): Promise<readonly PlacedGuest[]> => {
  const [all, paused] = await Promise.all([readGuests([], open), readPaused(open.virsh)]);
  return all.flatMap((one) =>
    one.kind === "read" ? [{ host, domain: one.domain, paused: paused.includes(one.domain.uuid) }] : [],
  );
};

/** Returns conflicts between guests that move and guests of the other host. The guest itself and its name are checked elsewhere. */
export const readConflicts = async (
  moving: readonly LiveDomain[],
  open: OpenHost,
  host: string,
): Promise<readonly string[]> => {
  const there = await readPlaced(open, host);
  const here = moving.map((domain): PlacedGuest => ({ host: "this host", domain, paused: false }));
  return conflictsOf([...here, ...there])
    .filter(([one, other]) => one.of.host !== other.of.host && one.kind !== "guest" && one.kind !== "name")
    .map(describeConflict);
};
