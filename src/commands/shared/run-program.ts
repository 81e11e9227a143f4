import { CommanderError } from "commander";
import { isFailure, renderTrouble } from "../../values/failure.ts";
import type { DocumentedCommand } from "./documented-command.ts";

/** Prints an error. @returns the exit code */
const report = (program: string, error: unknown): number => {
  // Help and version end this way, too, and commander has printed them.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64;
  if (isFailure(error)) {
    process.stderr.write(renderTrouble(program, error));
    return error.exitCode;
  }
  const [message, stack] = error instanceof Error ? [error.message, error.stack ?? ""] : [String(error), ""];
  const hint = `report it, with these lines:\n${stack}`;
  process.stderr.write(renderTrouble(program, { message: `internal error: ${message}`, hint }));
  return 70;
};

/** Runs a command line to its end. Every error is printed in one shape, and has its exit code. */
export const runProgram = async (program: DocumentedCommand): Promise<void> => {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(program.name(), error);
  }
};
