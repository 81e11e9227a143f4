import type { FileIssue } from "../values/issue.ts";
import { diskRule } from "./disks.ts";
import type { FleetGuest } from "./guest.ts";
import { identityRules } from "./identity.ts";
import { networkRules } from "./networks.ts";

/** Finds conflicts between valid profiles of one host or network. Each conflict is reported at all of its places. */
export const checkFleet = (guests: readonly FleetGuest[]): readonly FileIssue[] =>
  [...identityRules, ...networkRules, diskRule].flatMap((rule) => rule(guests));
