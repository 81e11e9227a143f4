import { expect, test } from "@jest/globals";
import { runProgram } from "../../support/run-program.ts";

test.each(["genxml.js schema guest", "guestnet.js completion bash"])(
  "%s ends quietly when its reader does",
  (command) => {
    // The reader is gone before Node has begun to write.
    const script = `{ sleep 0.3; exec "$0" dist/${command}; } | true`;
    const { stderr } = runProgram("sh", ["-c", script, process.execPath]);
    expect(stderr).toBe("");
  },
);
