import type { FileIssue, Issue, Position } from "../values/issue.ts";
import type { ReadProfile } from "../profile/parse.ts";

/** A good profile and its file. */
export interface FleetGuest extends Pick<ReadProfile, "profile" | "document"> {
  readonly file: string;
}

/** A value's place in a guest's file. */
export interface Place {
  readonly guest: FleetGuest;
  readonly path: Issue["path"];
}

/** Something that all guests are compared for. */
export type Rule = (guests: readonly FleetGuest[]) => readonly FileIssue[];

/** `guest "dns1" at guests/dns1.json:7:12`: the other end of a conflict, where an editor can jump to. */
export const sayPlace = ({ guest, path }: Place): string => {
  const { line, column }: Position = guest.document.locate(path).position;
  return `guest "${guest.profile.name}" at ${guest.file}:${line}:${column}`;
};

/** ` (derived from the guest's name)` where the file does not set the value. */
export const sayDerived = ({ guest, path }: Place): string =>
  guest.document.locate(path).written ? "" : " (derived from the guest's name)";

/** An error at a place. */
export const errorAt = (place: Place, code: Issue["code"], message: string): FileIssue => ({
  file: place.guest.file,
  issue: place.guest.document.issue(code, place.path, message),
});

/** A valid but probably unintended setting, at a place. */
export const warningAt = (place: Place, code: Issue["code"], message: string): FileIssue => ({
  file: place.guest.file,
  issue: place.guest.document.warning(code, place.path, message),
});
