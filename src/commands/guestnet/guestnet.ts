import { runProgram } from "../shared/run-program.ts";
import { endWithOutput } from "../shared/standard-output.ts";
import { guestnet } from "./program.ts";

endWithOutput("guestnet");

void runProgram(guestnet());
