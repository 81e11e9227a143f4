import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = "fixtures/cases";

/** A folder of inputs and expected outputs: a new case is new data, no new code. */
export interface Case {
  readonly name: string;
  /** The text of one of its files, or null. */
  readonly read: (file: string) => string | null;
  /** What the file should be; with GOLDEN=1 it is written instead of compared. */
  readonly golden: (file: string, actual: string) => string;
}

export const cases = (): readonly Case[] =>
  readdirSync(ROOT)
    .sort()
    .map((name) => {
      const read = (file: string): string | null => {
        const path = join(ROOT, name, file);
        return existsSync(path) ? readFileSync(path, "utf8") : null;
      };
      return {
        name,
        read,
        golden: (file, actual) => {
          if (process.env["GOLDEN"] === "1") writeFileSync(join(ROOT, name, file), actual);
          return read(file) ?? "";
        },
      };
    });
