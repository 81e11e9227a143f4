import { expect, test } from "@jest/globals";
import type { Ran, Run } from "../../src/model/host.ts";
import { show } from "../../src/observe/show.ts";
import { recordedRun } from "../support/recorded.ts";

const answering =
  (ran: Partial<Ran>): Run =>
  () =>
    Promise.resolve({ code: 0, stdout: "", stderr: "", ...ran });
const six = ["1", "2", "3", "4", "5", "6"];

test("tells which questions ip could not answer: the device is not there", async () => {
  const shown = await show(answering(recordedRun("batch-ip")), "ip", six);
  expect(shown.map((answer) => answer?.length ?? null)).toEqual([1, null, 4, null, 1, null]);
});

test("tells a port without VLANs from a device that is not there", async () => {
  const shown = await show(answering(recordedRun("batch-bridge")), "bridge", six);
  expect(shown.map((answer) => answer?.length ?? null)).toEqual([1, null, 0, 16, null, 3]);
});

test("no questions start no process", async () => {
  const never: Run = () => Promise.reject(new Error("nothing to run"));
  expect(await show(never, "ip", [])).toEqual([]);
});

test.each([
  ["ip", ["-json", "-details", "-force", "-batch", "-"]],
  ["bridge", ["-json", "-force", "-batch", "-"]],
] as const)("asks %s with one process", async (tool, args) => {
  const asked: unknown[] = [];
  const run: Run = (...call) => {
    asked.push(call);
    return Promise.resolve({ code: 0, stdout: "[]\n[]\n", stderr: "" });
  };
  await show(run, tool, ["link show dev a", "link show dev b"]);
  expect(asked).toEqual([[tool, args, "link show dev a\nlink show dev b\n"]]);
});

test("an answer too few is an error with what the tool said, not a wrong assignment", async () => {
  const run = answering({ code: 1, stdout: "[]\n", stderr: "Segmentation fault" });
  await expect(show(run, "ip", six)).rejects.toThrow("ip answered 1 of 6 questions: Segmentation fault");
});

test("an answer that is no JSON is an error", async () => {
  await expect(show(answering({ stdout: "usage: ip\n" }), "ip", ["1"])).rejects.toThrow(/JSON/);
});
