import type { FileIssue, Issue } from "../values/issue.ts";
import { isPassed } from "../guest/profile.ts";
import type { FleetGuest, Place } from "./guest.ts";
import { checkNic, type PeerSite } from "./peer-nic.ts";

/** Another host, and the same profiles as they are read with its host.json. */
export interface Peer extends PeerSite {
  readonly guests: readonly FleetGuest[];
  readonly issues: readonly FileIssue[];
}

const checkGuest = (guest: FleetGuest, peer: Peer): readonly FileIssue[] => {
  const other = peer.guests.find(({ file }) => file === guest.file);
  return guest.profile.interfaces.flatMap((nic, index) => {
    const there = other?.profile.interfaces[index];
    if (there === undefined || isPassed(nic) || isPassed(there)) return [];
    const place = (key: string): Place => ({ guest, path: ["interfaces", index, key] });
    return checkNic(place, nic.attachment, there.attachment, peer);
  });
};

/** What a profile is told by the other host.json and not by its own: a name of a VLAN that is not there. */
const onlyThere = (
  guests: readonly FleetGuest[],
  own: readonly FileIssue[],
  peer: Peer,
): readonly FileIssue[] => {
  const good = new Set(guests.map(({ file }) => file));
  const key = ({ file, issue }: FileIssue): string => JSON.stringify([file, issue.path, issue.code]);
  const known = new Set(own.map(key));
  const toPeer = (issue: Issue): Issue => ({
    ...issue,
    code: "peer",
    message: `by ${peer.file}: ${issue.message}`,
  });
  return peer.issues
    .filter((one) => good.has(one.file) && !known.has(key(one)))
    .map(({ file, issue }) => ({ file, issue: toPeer(issue) }));
};

/**
 * What keeps guests of one host from another, as far as the two host.json say.
 *
 * @param guests good ones, as they are read with their own host.json
 * @param own what was found wrong with or strange about them
 */
export const checkPeer = (
  guests: readonly FleetGuest[],
  own: readonly FileIssue[],
  peer: Peer,
): readonly FileIssue[] => [
  ...guests.flatMap((guest) => checkGuest(guest, peer)),
  ...onlyThere(guests, own, peer),
];
