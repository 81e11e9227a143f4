import { endWithReader } from "../shared/closed-pipe.ts";
import { runProgram } from "../shared/run-program.ts";
import { guestnet } from "./program.ts";

endWithReader();

void runProgram(guestnet());
