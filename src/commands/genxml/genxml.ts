import { runProgram } from "../shared/run-program.ts";
import { endWithOutput } from "../shared/standard-output.ts";
import { genxml } from "./program.ts";

endWithOutput("genxml");

// Without "await" at the top, which a CommonJS bundle cannot have.
void runProgram(genxml());
