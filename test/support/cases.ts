import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A folder of inputs and expected outputs: a new case is new data, no new code. */
export interface Case {
  readonly name: string;
  readonly files: readonly string[];
  /** The text of one of its files, or null. */
  readonly read: (file: string) => string | null;
  /** What the file should be; with GOLDEN=1 it is written instead of compared. */
  readonly golden: (file: string, actual: string) => string;
}

const foldersIn = (root: string): readonly Case[] =>
  readdirSync(root)
    .sort()
    .map((name) => {
      const read = (file: string): string | null => {
        const path = join(root, name, file);
        return existsSync(path) ? readFileSync(path, "utf8") : null;
      };
      return {
        name,
        files: readdirSync(join(root, name)).sort(),
        read,
        golden: (file, actual) => {
          if (process.env["GOLDEN"] === "1") writeFileSync(join(root, name, file), actual);
          return read(file) ?? "";
        },
      };
    });

/** One guest each. */
export const cases = (): readonly Case[] => foldersIn("fixtures/cases");
/** Several guests each, and what clashes between them. */
export const fleets = (): readonly Case[] => foldersIn("fixtures/fleets");
/** A Xen configuration file each, and what it becomes. */
export const xenCases = (): readonly Case[] => foldersIn("fixtures/xen");
/** Readings of a running host each, and the host.json that describes it. */
export const liveHostCases = (): readonly Case[] => foldersIn("fixtures/live-hosts");
/** A libvirt domain each, and what it becomes. */
export const domainCases = (): readonly Case[] => foldersIn("fixtures/domains");
/** A host.json each, and the files of each network manager. */
export const hostNetworks = (): readonly Case[] => foldersIn("fixtures/host-networks");
