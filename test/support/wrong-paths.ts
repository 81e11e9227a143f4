import { expect } from "@jest/globals";

/** How a program ended: the exit code, and its reports. */
export interface Reported {
  readonly code: number | undefined;
  readonly stderr: string;
}

export const LONG = "n".repeat(300);

/** Makes, in the current directory, what the paths below name. */
export const MAKE_WRONG_PATHS =
  "mkdir dir; echo 'a file' >file; printf '\\177ELF\\000\\001\\002\\003' >binary; ln -s loop loop; mkfifo fifo";

/** Paths of nothing that can be read, whether a file or a directory is wanted. */
export const MISSING = ["none", "none/none", "", "loop", LONG, "/proc/foo", "file/none"] as const;

/** Paths of what is there, and is no text file. */
export const NO_TEXT = ["dir", "/dev/zero", "binary", "fifo"] as const;

/** Paths at which no file can be written. */
export const UNWRITABLE = [
  ...["/proc/foo", "/sys/foo", "loop", "none/out", "file/out", LONG, "/dev/full", "fifo"],
] as const;

/** Paths of directories that cannot be made. */
export const NO_DIRECTORIES = [
  ...["/proc/foo/", "/sys/foo/", "loop/", "file/", "file/out/", `${LONG}/`, "/dev/null/"],
] as const;

/** One error in its one shape, of which the command's own words may follow. */
const SHAPE =
  /^(genxml|guestnet): error: cannot (read|write|create directory|use|find) [^\n]+: [^\n]+\nhint: [^\n]+\n/;

/** Expects that a program ended with an error in words about a path. */
export const expectPathError = (args: readonly string[], { code, stderr }: Reported): void => {
  expect({ args, code, stderr }).toEqual({ args, code: 1, stderr: expect.stringMatching(SHAPE) });
  expect(stderr).not.toMatch(/E[A-Z]{3,}\b|\n {4}at |internal error/);
  expect(stderr.length).toBeLessThan(1200);
};
