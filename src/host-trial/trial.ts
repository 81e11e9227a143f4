import type { HostFormat } from "../host-network/format-names.ts";
import { type DurableFiles, type Entry, entryText, textEntry } from "./durable-files.ts";

/**
 * A trial on the disk. It is on the file system of the files that it puts back: a backup becomes the file again by rename(2), which needs no
 * space.
 */
export const DIRECTORY = "/etc/guestnet-trial";
export const DRAFT = "/etc/guestnet-trial.new";

/**
 * The phases of a trial. The name of an empty file is the phase, so that a change is one rename(2): it needs no space, and of two
 * processes that change it, one wins.
 */
export const PHASES = ["ready", "changing", "waiting", "confirmed", "rolling-back"] as const;
export type Phase = (typeof PHASES)[number];

/** A file that a trial changes. */
export interface ChangedFile {
  readonly path: string;
  /** Whether it was there: then the backup has its number as name. */
  readonly existed: boolean;
  /** Null removes it. */
  readonly next: { readonly text: string; readonly mode: number } | { readonly target: string } | null;
  /** Whether it is there during the trial only, and goes with it even if it is confirmed. */
  readonly temporary: boolean;
}

/** What a process is known by: its number, and when it was started (proc(5), starttime). */
export interface ProcessId {
  readonly pid: number;
  readonly startedAt: string;
}

/** Everything that a trial has to know after its process was killed. */
export interface TrialRecord {
  readonly id: string;
  readonly format: HostFormat;
  /** host.json as it was read. */
  readonly site: string;
  readonly files: readonly ChangedFile[];
  /** Seconds until it is put back. */
  readonly timeout: number;
  /** The ssh session that it came by, or null. */
  readonly session: ProcessId | null;
  /** libvirt's connection URI. */
  readonly uri: string;
  /** Of this boot of the host (/proc/sys/kernel/random/boot_id). */
  readonly boot: string;
  /** Answers about the host's network before the trial, by the files of live-network/readings.ts. */
  readonly before: Readonly<Record<string, string>>;
  /** Kernel settings that the new files set, with their values before. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** NICs of guests that were not right before: `web1 web1-0`. */
  readonly wrongBefore: readonly string[];
}

export const phaseFile = (phase: Phase): string => `${DIRECTORY}/phase.${phase}`;
const backupOf = (index: number): string => `${DIRECTORY}/${String(index)}`;
export const RECORD = "trial.json";

/** Returns the record of the trial, or null without one. */
export const readTrial = (disk: DurableFiles): TrialRecord | null => {
  const text = entryText(disk.read(`${DIRECTORY}/${RECORD}`));
  return text === null ? null : (JSON.parse(text) as TrialRecord);
};

/** Returns the phase of a trial by the names in its directory; null without one. */
export const phaseIn = (list: readonly string[]): Phase | null => {
  const names = new Set(list);
  return PHASES.find((phase) => names.has(`phase.${phase}`)) ?? null;
};

/** Returns the phase of the trial, or null without one. */
export const readPhase = (disk: DurableFiles): Phase | null => phaseIn(disk.list(DIRECTORY));

/** Goes from one phase to another. @returns false if the trial is in another phase by now */
export const changePhase = (disk: DurableFiles, from: Phase, to: Phase): boolean =>
  disk.move(phaseFile(from), phaseFile(to));

/**
 * Makes the trial's record with a backup of every file. The whole of it appears at once, and before it has, nothing of the host is
 * changed. Throws a Failure for a full disk.
 *
 * @returns false if there is a trial already
 */
export const beginTrial = (disk: DurableFiles, record: TrialRecord): boolean => {
  if (readPhase(disk) !== null) return false;
  // An earlier attempt ended before its record was whole: the host has not been changed by it.
  disk.remove(DRAFT);
  disk.remove(DIRECTORY);
  try {
    disk.makeDirectory(DRAFT);
    for (const [index, { path, existed }] of record.files.entries()) {
      const entry = existed ? disk.read(path) : null;
      if (entry !== null) disk.write(`${DRAFT}/${String(index)}`, entry);
    }
    disk.write(`${DRAFT}/${RECORD}`, textEntry(JSON.stringify(record), 0o600));
    disk.write(`${DRAFT}/phase.ready`, textEntry("", 0o600));
    disk.move(DRAFT, DIRECTORY);
  } catch (error) {
    disk.remove(DRAFT);
    throw error;
  }
  return true;
};

const nextEntry = (next: NonNullable<ChangedFile["next"]>, old: Entry | null): Entry => {
  if ("target" in next) return { kind: "link", target: next.target };
  const fresh = textEntry(next.text, next.mode);
  return old?.kind === "file" && fresh.kind === "file" ? { ...fresh, uid: old.uid, gid: old.gid } : fresh;
};

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/** Writes the files of the trial. */
export const writeFiles = (disk: DurableFiles, { files }: TrialRecord): void => {
  for (const { path, next } of files) {
    if (next === null) disk.remove(path);
    else {
      disk.makeDirectory(directoryOf(path));
      disk.write(path, nextEntry(next, disk.read(path)));
    }
  }
};

/** Puts the files back. It can be done again, after it was stopped anywhere. */
export const restoreFiles = (disk: DurableFiles, { files }: TrialRecord): void => {
  const backups = new Set(disk.list(DIRECTORY));
  for (const [index, { path, existed }] of [...files.entries()].reverse()) {
    if (!existed) disk.remove(path);
    // A backup that is gone has become the file again.
    else if (backups.has(String(index))) disk.move(backupOf(index), path);
  }
};

/** Forgets the trial: its files stay as they are, except those that were there for it alone. */
export const endTrial = (disk: DurableFiles, { files }: TrialRecord): void => {
  for (const { path, temporary } of files) if (temporary) disk.remove(path);
  // At once: an end that was stopped in between leaves no half of a trial.
  disk.move(DIRECTORY, DRAFT);
  disk.remove(DRAFT);
};
