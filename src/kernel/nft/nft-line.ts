import type { FollowedFact, GuardFact } from "../facts/fact.ts";

/** The command for one element of a set of the guard. */
export const guardLine = (verb: "add" | "delete", { set, port, element }: GuardFact): string =>
  `${verb} element bridge guestnet ${set} { "${port}"${element === "" ? "" : ` . ${element}`} }`;

/** The commands for one mark of ours on an uplink's VLAN: guests without addresses have no guard, so the table may be missing. */
export const followedLine = ({ uplink, vid }: FollowedFact): string =>
  [
    "add table bridge guestnet",
    "add set bridge guestnet followed { typeof iifname . vlan id; }",
    `add element bridge guestnet followed { "${uplink}" . ${String(vid)} }`,
  ].join("\n");
