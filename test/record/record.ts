import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { SUITES, type Suite } from "../fresh/bootstrap.ts";

/** A test that ran, or did not. */
export interface Ended {
  /** jest's: unit, lab, hosts, more-hosts. */
  readonly project: string;
  /** Without its ending. */
  readonly file: string;
  /** The titles around it, the outermost first. */
  readonly blocks: readonly string[];
  readonly status: string;
}

/** How many tests ended in which way. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export type Versions = Readonly<Record<string, string>>;

/** What a whole run has shown on one system, with the version of each program that it used. */
export interface LabRecord {
  readonly versions: Versions;
  readonly tests: Counts;
}

/** What whole hosts of one release have shown, by file and inner block; each is the last run of that block. */
export interface HostsRecord {
  readonly versions: Versions;
  readonly tests: Readonly<Record<string, Counts>>;
  /** What network managers have shown: by the format of `genxml host`, and the blocks of its tests. */
  readonly managers: Readonly<Record<string, Readonly<Record<string, Counts>>>>;
}

/** The systems of the table, by the file of their record. */
export const SYSTEMS: Readonly<Record<Suite, { readonly name: string; readonly lab: string }>> = {
  bookworm: { name: "Debian 12", lab: "debian-12" },
  trixie: { name: "Debian 13", lab: "debian-13" },
};
export const RELEASES = SUITES;

const fileOf = (name: string): string => `test/record/${name}.json`;
const read = (name: string): unknown =>
  existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), "utf8")) : undefined;
const write = (name: string, record: LabRecord | HostsRecord): void => {
  writeFileSync(fileOf(name), `${JSON.stringify(record, null, 2)}\n`);
};

/** Returns what a system's last whole run has shown; undefined where none was recorded. */
export const readLab = (release: Suite): LabRecord | undefined =>
  read(SYSTEMS[release].lab) as LabRecord | undefined;
export const writeLab = (release: Suite, record: LabRecord): void => {
  write(SYSTEMS[release].lab, record);
};

/** Returns what whole hosts of a release have shown; undefined where none was recorded. */
export const readHosts = (release: Suite): HostsRecord | undefined =>
  read(`hosts-${release}`) as HostsRecord | undefined;
export const writeHosts = (release: Suite, record: HostsRecord): void => {
  write(`hosts-${release}`, record);
};

export const countsOf = (ended: readonly Ended[]): Counts => {
  const of = (status: string): number => ended.filter((one) => one.status === status).length;
  return { passed: of("passed"), failed: of("failed"), skipped: of("skipped") + of("todo") };
};
