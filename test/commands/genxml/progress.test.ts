import { expect, test } from "@jest/globals";
import { PassThrough } from "node:stream";
import { type ProgressStream, withProgress } from "../../../src/commands/genxml/progress.ts";

const show = async (isTTY: boolean, total: number, quiet = false): Promise<string> => {
  const stream: ProgressStream = Object.assign(new PassThrough(), { isTTY });
  let text = "";
  stream.on("data", (piece: Buffer) => (text += piece.toString()));
  const done = await withProgress(stream, total, { quiet }, (each) => {
    for (let i = 0; i < total; i += 1) each();
    return Promise.resolve(total);
  });
  expect(done).toBe(total);
  return text;
};

test("many on a terminal get a bar", async () => {
  expect(await show(true, 200)).toContain("0/200");
});

test.each([
  ["a pipe", false, 200, false],
  ["a few", true, 3, false],
  ["--quiet", true, 200, true],
])("%s gets none", async (_, isTTY, total, quiet) => {
  expect(await show(isTTY, total, quiet)).toBe("");
});
