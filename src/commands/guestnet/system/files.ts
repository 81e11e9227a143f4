import type { Run } from "../../../kernel/host.ts";

/** What a file is, links followed. */
export interface FileState {
  readonly kind: "file" | "directory" | "other";
  /** The permission bits. */
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly writtenAt: number;
}

/** The files of a system: of this host, or of another one. Everything but a missing file rejects with a Failure. */
export interface Files {
  /** The whole text of a file, or null without one. */
  readonly read: (file: string) => Promise<string | null>;
  /** Texts of the kernel's files, without their last newline; those that are not there are missing. */
  readonly readEach: (files: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** The target of a link, unresolved, and when the link was made; null for everything else. */
  readonly readLink: (file: string) => Promise<{ readonly target: string; readonly madeAt: number } | null>;
  /** Names in a directory; none if there is no such directory. */
  readonly names: (directory: string) => Promise<readonly string[]>;
  /** Null if there is no such file, or the link leads nowhere. */
  readonly state: (file: string) => Promise<FileState | null>;
  /**
   * Puts a file in its place all at once, in a directory that is made if it is missing. The new file waits in `waitsIn`, which
   * is on the same file system; if it cannot be written, nothing is left of it and the old one stays.
   */
  readonly write: (
    file: string,
    text: string,
    how: { readonly mode: number; readonly waitsIn: string },
  ) => Promise<void>;
  /** Puts a link in its place all at once. */
  readonly link: (file: string, target: string, how: { readonly waitsIn: string }) => Promise<void>;
  /** Removes a file, or a directory with all that is in it. One that is not there is no error. */
  readonly remove: (file: string) => Promise<void>;
}

/** A system that guestnet is installed on or examines. */
export interface HostSystem {
  readonly run: Run;
  readonly files: Files;
}

/** Whether there is a file of that name. */
export const exists = async (files: Files, file: string): Promise<boolean> =>
  (await files.state(file)) !== null;

/** Returns whether root may execute it. */
export const isExecutable = (state: FileState | null): boolean =>
  state?.kind === "file" && (state.mode & 0o111) !== 0;
