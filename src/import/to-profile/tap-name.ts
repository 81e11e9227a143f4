import { LIBVIRTS_OWN, parseTapName } from "../../values/names.ts";
import type { Account, Given } from "../report/account.ts";

const RULE = "a tap of ours has 1 to 15 of a–z, 0–9 and dashes; it gets a name from the guest's";
const AUTOMATIC = "libvirt's own name for this run; the tap gets a lasting one from the guest's";

/** The tap's name, where it is one that we may give. */
export const tapOf = (given: Given<string> | null, used: Set<string>, account: Account): { tap?: string } => {
  if (given === null) return {};
  const tap = parseTapName(given.value.trim());
  if (tap === null) account.changed(given, LIBVIRTS_OWN.test(given.value.trim()) ? AUTOMATIC : RULE);
  else if (used.has(tap))
    account.changed(given, "another NIC has that name; this one gets its own from the guest's", "step");
  else {
    used.add(tap);
    account.taken(given, "the tap's name");
    return { tap };
  }
  return {};
};
