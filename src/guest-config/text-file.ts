/** A file of the guest, named without a directory. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
  /** Whether its reader requires that only its owner may read it. */
  readonly isPrivate: boolean;
}

export const textFile = (name: string, text: string): TextFile => ({ name, text, isPrivate: false });

export const privateFile = (name: string, text: string): TextFile => ({ name, text, isPrivate: true });

/** Returns the lines as a file's text; an empty list is an empty text. */
export const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join("");
