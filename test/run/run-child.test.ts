import { describe, expect, test } from "@jest/globals";
import { deadline } from "../../src/run/deadline.ts";
import { runUntil } from "../../src/run/run-child.ts";

const SH = "/bin/sh";
// What would be waited for takes longer than a test may.
const soon = (ms: number): number => Date.now() + ms;

describe("side by side", () => {
  const until = (...times: Parameters<typeof deadline>) => runUntil(deadline(...times));

  test("gives back what a program says, and its status", async () => {
    const run = until(soon(60_000));
    expect(await run(SH, ["-c", "cat; echo bad >&2; exit 3"], "input\n")).toEqual({
      code: 3,
      stdout: "input\n",
      stderr: "bad\n",
    });
  });

  test("a program that does not read its input is judged by its status", async () => {
    expect(await until(soon(60_000))(SH, ["-c", "exit 0"], "x".repeat(1_000_000))).toMatchObject({
      code: 0,
    });
  });

  test("rejects when there is no such program", async () => {
    await expect(until(soon(1_000))("/no/such", [])).rejects.toThrow(
      "cannot run /no/such: spawn /no/such ENOENT",
    );
  });

  test("ends a program at the deadline, and says so after what it said itself", async () => {
    expect(await until(soon(3_000))(SH, ["-c", "echo half >&2; exec sleep 3600"])).toEqual({
      code: 124,
      stdout: "",
      stderr: "/bin/sh had not ended when the time was up: half\n",
    });
  });

  test("does not wait for what an ended program has started", async () => {
    // It holds the pipes.
    const ran = await until(soon(3_000))(SH, ["-c", "sleep 600 & echo $!; wait"]);
    expect(ran).toMatchObject({ code: 124, stdout: expect.stringMatching(/^\d+\n$/) });
    process.kill(Number(ran.stdout));
  });

  test("what is started after the first deadline clears away, and has until the second", async () => {
    const clears = until(soon(-1), soon(60_000));
    expect(await clears(SH, ["-c", "sleep 0.2; echo cleared"])).toMatchObject({
      code: 0,
      stdout: "cleared\n",
    });
    expect(await until(soon(-1), soon(500))(SH, ["-c", "exec sleep 3600"])).toMatchObject({ code: 124 });
  });

  test("a program that somebody else kills has not been late", async () => {
    expect(await until(soon(60_000))(SH, ["-c", "kill -9 $$"])).toEqual({
      code: 128,
      stdout: "",
      stderr: "",
    });
  });
});
