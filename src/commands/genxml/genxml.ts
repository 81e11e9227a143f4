import { endWithReader } from "../shared/closed-pipe.ts";
import { runProgram } from "../shared/run-program.ts";
import { genxml } from "./program.ts";

endWithReader();

// Without "await" at the top, which a CommonJS bundle cannot have.
void runProgram(genxml());
