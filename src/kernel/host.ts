/** The outcome of a child process. Code 124 means that it was ended at its deadline. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell. Rejects only when it cannot be started at all. */
export type Run = (file: string, args: readonly string[], stdin?: string) => Promise<Ran>;

/** A program to run, with its standard input. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

/** Runs programs, each only if the one before ended with 0. Returns the outcomes of those that ran. */
export type RunChain = (programs: readonly Program[]) => Promise<readonly Ran[]>;

/** Everything that converging needs from the outside. */
export interface Host {
  readonly run: Run;
  /** @returns the value without its newline, or null for a missing file */
  readonly readSysctl: (name: string) => string | null;
  /** Reads a file by its absolute path, of the kernel below /sys or /proc, or of guestnet below /run, as `readSysctl` does. */
  readonly readFile: (name: string) => string | null;
  /** Returns whether such a file is there: one call of the kernel, where reading it takes five. */
  readonly exists: (name: string) => boolean;
  /** Throws the kernel's error (`ENOENT`, `EINVAL`). */
  readonly writeSysctl: (name: string, value: string) => void;
  /** The same below /sys: `class/net/web1-0/tx_queue_len`. */
  readonly writeSysfs: (name: string, value: string) => void;
}

/** The kernel's own files, by what reads, writes and finds any file: a hundredth of a millisecond, where sysctl(8) is a process. */
export const kernelFilesBy = (
  readFile: Host["readFile"],
  writeFile: (name: string, value: string) => void,
  exists: Host["exists"],
): Pick<Host, "readFile" | "exists" | "readSysctl" | "writeSysctl" | "writeSysfs"> => ({
  readFile,
  exists,
  readSysctl: (name) => readFile(`/proc/sys/${name}`),
  writeSysctl: (name, value) => {
    writeFile(`/proc/sys/${name}`, value);
  },
  writeSysfs: (name, value) => {
    writeFile(`/sys/${name}`, value);
  },
});
