import { CommanderError } from "commander";
import { endWithReader } from "../shared/closed-pipe.ts";
import { genxml } from "./program.ts";

endWithReader();

// Without "await" at the top, which a CommonJS bundle cannot have.
const main = async (): Promise<void> => {
  try {
    await genxml().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 64;
    } else {
      process.stderr.write(
        `genxml: a bug of ours, please report it:\n${error instanceof Error ? (error.stack ?? "") : String(error)}\n`,
      );
      process.exitCode = 70;
    }
  }
};

void main();
