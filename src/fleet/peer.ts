import type { FileIssue, Issue } from "../values/issue.ts";
import { isPassed, type Profile } from "../guest/profile.ts";
import { type FleetGuest, type ProfilePlace, errorAt, warningAt } from "./guest.ts";
import type { Site } from "../guest/site.ts";
import { attachmentKind, isHooked, portOf } from "../guest/attachment.ts";
import { vlansText } from "../guest/port-vlans.ts";

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
    const place = (key: string): ProfilePlace => ({ guest, path: ["interfaces", index, key] });
    return checkNic(place, nic.attachment, there.attachment, peer);
  });
};

/** Returns errors of a profile with the other host.json only: a name of a VLAN that does not exist. */
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
 * Reports what prevents guests of one host from running on another, as far as the two host.json show it.
 *
 * @param guests valid guests, read with their own host.json
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

/** Another host as its host.json describes it. */
export interface PeerSite {
  /** That file, for the messages. */
  readonly file: string;
  readonly site: Site;
}

type Nic = Profile["interfaces"][number];
type Attachment = Nic["attachment"];

const vlansOf = (attachment: Attachment): string | null => {
  const port = portOf(attachment);
  return port === null ? null : vlansText(port.vlans);
};

const uplinksOf = (attachment: Attachment): string => {
  const uplinks = portOf(attachment)?.policy.uplinks ?? null;
  return uplinks === null || uplinks.ports.length === 0
    ? "none"
    : `${uplinks.ports.join(", ")} (${uplinks.mode})`;
};

const gatewaysOf = (attachment: Attachment): string =>
  isHooked(attachment) ? [...attachmentKind(attachment).gateways(attachment)].sort().join(", ") : "";

/**
 * Compares the attachment of one NIC on both hosts, as far as the two files show it.
 *
 * @param place where its keys are in the profile
 * @param here its attachment by this host's file
 * @param there its attachment by the other host's file
 */
const checkNic = (
  place: (key: string) => ProfilePlace,
  here: Attachment,
  there: Attachment,
  { file, site }: PeerSite,
): readonly FileIssue[] => {
  const port = portOf(here);
  if (port !== null && site.bridges.size > 0 && !site.bridges.has(port.bridge)) {
    const has = [...site.bridges.keys()].join(", ");
    return [
      errorAt(
        place("bridge"),
        "peer",
        `${file} has no bridge ${port.bridge}, so the guest cannot migrate there; it has: ${has}`,
      ),
    ];
  }
  const [vlans, others] = [vlansOf(here), vlansOf(there)];
  const key = port?.vlans.kind === "access" ? "vlan" : "trunk";
  const [uplinks, otherUplinks] = [uplinksOf(here), uplinksOf(there)];
  const [gateways, otherGateways] = [gatewaysOf(here), gatewaysOf(there)];
  return [
    ...(vlans === others
      ? []
      : [
          errorAt(
            place(key),
            "peer",
            `the VLANs are ${vlans ?? "none"} here, but ${others ?? "none"} in ${file}: use the same on both hosts`,
          ),
        ]),
    ...(uplinks === otherUplinks
      ? []
      : [
          warningAt(
            place("bridge"),
            "peer",
            `the uplinks are ${uplinks} here, but ${otherUplinks} in ${file}: use the same on both hosts`,
          ),
        ]),
    ...(gateways === otherGateways
      ? []
      : [
          warningAt(
            place("gateway"),
            "peer",
            `the gateway is ${gateways} here, but ${otherGateways} in ${file}: use the same on both hosts`,
          ),
        ]),
  ];
};
