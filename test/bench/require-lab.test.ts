import { expect, test } from "@jest/globals";
import { runProgram } from "../support/run-program.ts";

test.each(["bench/hook.ts", "bench/status-many.ts"])("%s says in one line what to run first", (file) => {
  const env = { ...process.env, GUESTNET_LAB_MODE: "none" };
  const { status, stdout, stderr } = runProgram(process.execPath, ["--import", "tsx", file], { env });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(
    /^the lab is not ready \(.*\): run "npx tsx test\/lab\/setup\.ts" first, as root\n$/,
  );
});
