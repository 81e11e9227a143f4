import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";

test.each(["genxml.js schema guest", "guestnet.js completion bash"])(
  "%s ends quietly when its reader does",
  (command) => {
    // The reader is gone before Node has begun to write.
    const script = `{ sleep 0.3; exec "$0" dist/${command}; } | true`;
    const { stderr } = spawnSync("sh", ["-c", script, process.execPath], { encoding: "utf8" });
    expect(stderr).toBe("");
  },
);
