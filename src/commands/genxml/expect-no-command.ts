import { existsSync } from "node:fs";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { usageError } from "../../values/failure.ts";
import { nearest } from "../../values/nearest.ts";

/** Wrong or swapped letters of a mistyped command. */
const SLIPS = 2;

/** Words that are options here and commands elsewhere. */
const OPTIONS: Readonly<Record<string, string>> = { version: "--version" };

/** Rejects a first argument that is a mistyped command: it looks like no path, names no file, and is near a command. */
export const expectNoCommand = (word: string | undefined, program: DocumentedCommand): void => {
  if (word === undefined || /[./]/.test(word) || word === "-" || existsSync(word)) return;
  const known = [...program.commands.map((command) => command.name()), ...Object.keys(OPTIONS)];
  const near = nearest(word, known, SLIPS);
  if (near === null) return;
  throw usageError(
    `unknown command '${word}', and no file of this name`,
    `did you mean '${program.name()} ${OPTIONS[near] ?? near}'?`,
  );
};
