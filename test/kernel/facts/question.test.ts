import { expect, test } from "@jest/globals";
import { readAnswers } from "../../../src/kernel/facts/question.ts";
import { recordedRun } from "../../support/recorded.ts";

const SIX = [0, 1, 2, 3, 4, 5];
const recorded = (name: string) => {
  const { stdout, stderr } = recordedRun(name);
  return readAnswers(stdout, stderr, SIX).map((answer) => answer?.length ?? null);
};

test("tells which questions ip could not answer: the device is not there", () => {
  expect(recorded("batch-ip")).toEqual([1, null, 4, null, 1, null]);
});

test("tells a port without VLANs from a device that is not there", () => {
  expect(recorded("batch-bridge")).toEqual([1, null, 0, 16, null, 3]);
});

test("answers of questions behind changes are theirs alone", () => {
  expect(readAnswers('[]\n[{"a":1}]\n', "", [3, 4])).toEqual([[], [{ a: 1 }]]);
});

test("an answer too few is an error with what the tool said, not a wrong assignment", () => {
  expect(() => readAnswers("[]\n", "Segmentation fault", SIX)).toThrow(
    /^1 answers to 6 questions: .*Segmentation fault/s,
  );
});

test("an answer that is no JSON is an error", () => {
  expect(() => readAnswers("usage: ip\n", "", [0])).toThrow(/JSON/);
});
