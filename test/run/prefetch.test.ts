import { expect, test } from "@jest/globals";
import type { Program, Ran, Run } from "../../src/kernel/host.ts";
import { runPrefetching } from "../../src/run/prefetch.ts";

const program = (file: string, stdin = ""): Program => ({ file, args: ["-x"], stdin });

/** Counts what is run. @param fails programs that cannot be run */
const counting = (ran: string[], fails: readonly string[] = []): Run => {
  return (file, args, stdin = "") => {
    ran.push([file, ...args, stdin].join(" "));
    const answer: Ran = { code: 0, stdout: `${file} ${String(ran.length)}`, stderr: "" };
    return fails.includes(file) ? Promise.reject(new Error(`no ${file}`)) : Promise.resolve(answer);
  };
};

test("programs run at once, and answer the first who asks; the next asks anew", async () => {
  const ran: string[] = [];
  const run = runPrefetching(counting(ran), [program("a"), program("b", "text")]);
  expect(ran).toEqual(["a -x ", "b -x text"]);
  expect((await run("b", ["-x"], "text")).stdout).toBe("b 2");
  expect((await run("a", ["-x"])).stdout).toBe("a 1");
  expect(ran).toHaveLength(2);
  expect((await run("a", ["-x"])).stdout).toBe("a 3");
});

test("another argument, another input or another program is not the same question", async () => {
  const ran: string[] = [];
  const run = runPrefetching(counting(ran), [program("a", "text")]);
  for (const asked of [
    () => run("a", ["-x"]),
    () => run("a", ["-y"], "text"),
    () => run("b", ["-x"], "text"),
  ])
    await asked();
  expect(ran).toHaveLength(4);
});

test("a failure is for who asks, and for nothing else", async () => {
  const run = runPrefetching(counting([], ["a", "b"]), [program("a"), program("b")]);
  await new Promise((resolve) => setImmediate(resolve));
  await expect(run("a", ["-x"])).rejects.toThrow("no a");
});
