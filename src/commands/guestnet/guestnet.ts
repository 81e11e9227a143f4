import { CommanderError } from "commander";
import { endWithReader } from "../shared/closed-pipe.ts";
import { isFailure } from "../../values/failure.ts";
import { guestnet } from "./program.ts";

/** The exit code for an error, once people have been told. */
const report = (error: unknown): 0 | 1 | 64 | 70 => {
  // commander has printed it.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64;
  if (isFailure(error)) {
    process.stderr.write(`guestnet: ${error.message}\n`);
    return 1;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`guestnet: a bug of ours, please report it:\n${stack}\n`);
  return 70;
};

endWithReader();

const main = async (): Promise<void> => {
  try {
    await guestnet().parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
};

void main();
