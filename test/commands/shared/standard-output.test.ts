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

test.each([
  ["genxml", "schema guest"],
  ["guestnet", "completion bash"],
])("%s reports an output that is full", (program, command) => {
  const script = `exec "$0" dist/${program}.js ${command} >/dev/full`;
  expect(runProgram("sh", ["-c", script, process.execPath])).toMatchObject({
    status: 1,
    stderr: `${program}: error: cannot write standard output: no space left on the device\nhint: df .\n`,
  });
});
