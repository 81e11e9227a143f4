import type { FileIssue, Issue, Position } from "../values/issue.ts";
import type { Inherited } from "../guest/inherited.ts";
import type { Site } from "../guest/site.ts";
import type { ReadProfile } from "../profile/parse.ts";

/** The host that profiles belong to, and the host.json that describes it. */
export interface FleetHost extends Pick<ReadProfile, "document"> {
  readonly file: string;
  readonly site: Site;
}

/** A good profile, its file, its host, and what its template adds. */
export interface FleetGuest extends Pick<ReadProfile, "profile" | "document"> {
  readonly file: string;
  /** Null where there is no host.json. */
  readonly host: FleetHost | null;
  readonly inherited: Inherited;
}

/** A value's place in a guest's file. */
export interface ProfilePlace {
  readonly guest: FleetGuest;
  readonly path: Issue["path"];
}

/** Something that all guests are compared for. */
export type FleetRule = (guests: readonly FleetGuest[]) => readonly FileIssue[];

/** `guest "dns1" at guests/dns1.json:7:12`: the other end of a conflict, where an editor can jump to. */
export const profilePlaceText = ({ guest, path }: ProfilePlace): string => {
  const { line, column }: Position = guest.document.locate(path).position;
  return `guest "${guest.profile.name}" at ${guest.file}:${line}:${column}`;
};

/** The place of a value that only the template has. */
export const TEMPLATE = ["template"] as const;
export const isInherited = ({ path }: ProfilePlace): boolean => path[0] === TEMPLATE[0];

/** ` (derived from the guest's name)`, or where else a value comes from that the file does not set. */
export const derivedText = (place: ProfilePlace): string => {
  if (isInherited(place)) return " (from its template)";
  return place.guest.document.locate(place.path).written ? "" : " (derived from the guest's name)";
};

/** An error at a place. */
export const errorAt = (place: ProfilePlace, code: Issue["code"], message: string): FileIssue => ({
  file: place.guest.file,
  issue: place.guest.document.issue(code, place.path, message),
});

/** A valid but probably unintended setting, at a place. */
export const warningAt = (place: ProfilePlace, code: Issue["code"], message: string): FileIssue => ({
  file: place.guest.file,
  issue: place.guest.document.warning(code, place.path, message),
});
