/** What is at a path: a file with its owner and permissions, or a symbolic link. */
export type Entry =
  | {
      readonly kind: "file";
      readonly content: Uint8Array;
      /** Permissions (chmod(2)). */
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly kind: "link"; readonly target: string };

/**
 * Files as a trial needs them. What has returned is on the disk, also after a power cut (fsync(2) of the file and its directory). All
 * throw a Failure for what the file system refuses.
 */
export interface DurableFiles {
  /** @returns null if there is nothing */
  readonly read: (path: string) => Entry | null;
  /** Writes a whole entry or nothing (rename(2)). */
  readonly write: (path: string, entry: Entry) => void;
  /** Moves an entry without needing space where both paths are on one file system. @returns whether there was one */
  readonly move: (from: string, to: string) => boolean;
  /** Removes an entry, or a directory with all that is in it. */
  readonly remove: (path: string) => void;
  /** Makes a directory and those above it. @returns those that were made, the outermost first */
  readonly makeDirectory: (path: string) => readonly string[];
  /** The names in a directory; none if it does not exist. */
  readonly list: (path: string) => readonly string[];
}

/** A new text file of root's. */
export const textEntry = (text: string, mode = 0o644): Entry => ({
  ...{ kind: "file", content: new TextEncoder().encode(text), mode, uid: 0, gid: 0 },
});

/** Returns the text of an entry, or null without one. */
export const entryText = (entry: Entry | null): string | null =>
  entry?.kind === "file" ? new TextDecoder().decode(entry.content) : null;
