import { parseUuid, type Uuid } from "../../values/names.ts";

const PREFIX = "guestnet:";

/** What a tap of ours has as its alias: `ip link` then says whose it is, and we never touch one without it. */
export const tapAlias = (guest: Uuid): string => PREFIX + guest;

/** @returns the guest whose tap has this alias, or null when it is no tap of ours */
export const guestOfAlias = (alias: string): Uuid | null =>
  alias.startsWith(PREFIX) ? parseUuid(alias.slice(PREFIX.length)) : null;
