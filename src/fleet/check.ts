import type { FileIssue } from "../values/issue.ts";
import { diskRule } from "./disks.ts";
import type { FleetGuest } from "./guest.ts";
import { hostRules } from "./host.ts";
import { identityRules } from "./identity.ts";
import { networkRules } from "./networks.ts";
import { virtualMacRule } from "./virtual-macs.ts";

/** Finds conflicts between valid profiles of one host or network, and with their host.json. Each conflict is reported at all of its places. */
export const checkFleet = (guests: readonly FleetGuest[]): readonly FileIssue[] =>
  [...identityRules, virtualMacRule, ...networkRules, diskRule, ...hostRules].flatMap((rule) => rule(guests));
