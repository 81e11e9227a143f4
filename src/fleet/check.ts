import type { FileIssue } from "../values/issue.ts";
import { diskRule } from "./disks.ts";
import type { FleetGuest } from "./guest.ts";
import { identityRules } from "./identity.ts";
import { networkRules } from "./networks.ts";

/** What good profiles clash in when they are of one host, or one network. Each clash is reported at all of its places. */
export const checkFleet = (guests: readonly FleetGuest[]): readonly FileIssue[] =>
  [...identityRules, ...networkRules, diskRule].flatMap((rule) => rule(guests));
