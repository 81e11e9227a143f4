import { expect, test } from "@jest/globals";
import { deadline } from "../../src/run/deadline.ts";
import { ENVIRONMENT } from "../../src/run/environment.ts";
import { holdShell } from "../../src/run/held-shell.ts";
import { endLine, readOutcomes, renderScript } from "../../src/run/script.ts";

const hold = (ms = 60_000, file = "sh", args: readonly string[] = []) =>
  holdShell(file, args, deadline(Date.now() + ms), ENVIRONMENT);

/** Runs programs as one script. */
const ask = async (shell: ReturnType<typeof hold>, ...programs: readonly (readonly string[])[]) => {
  const mark = `mark-${String(Math.random()).slice(2)}`;
  const all = programs.map(([file = "", ...args]) => ({ file, args, stdin: "" }));
  const ran = await shell.run(renderScript(all, mark, false), endLine(mark));
  return { ...ran, outcomes: readOutcomes(ran.stdout, mark) };
};

test("one shell runs script after script, and nothing of one is left for the next", async () => {
  const shell = hold();
  expect((await ask(shell, ["echo", "it's ü"], ["sh", "-c", "echo no >&2; exit 3"])).outcomes).toEqual([
    { code: 0, stdout: "it's ü\n", stderr: "" },
    { code: 3, stdout: "", stderr: "no\n" },
  ]);
  const { stdout } = await shell.run('echo "${code-none} ended"\n', " ended\n");
  expect(stdout).toBe("none ended\n");
  await shell.close(5000);
});

test("an output of megabytes, with a letter of several bytes at every border, comes whole", async () => {
  const shell = hold();
  const { outcomes } = await ask(shell, ["sh", "-c", "yes 'aüb€' | head -n 300000"]);
  expect(outcomes[0]?.stdout === "aüb€\n".repeat(300_000)).toBe(true);
  await shell.close(5000);
});

test("the end is found in two parts, and whatever is printed behind it", async () => {
  const shell = hold();
  const { stdout } = await shell.run("printf 'one en'; sleep 0.2; printf 'd\\nlate\\n'\n", "one end\n");
  expect(stdout).toBe("one end\nlate\n");
  await shell.close(5000);
});

test("a shell that ends says how, at once and to every later script", async () => {
  const shell = hold(60_000, "sh", ["-c", "read -r line; echo gone >&2; exit 255"]);
  expect(await ask(shell, ["true"])).toMatchObject({ code: 255, stderr: "gone\n", outcomes: [] });
  expect(await ask(shell, ["true"])).toMatchObject({ code: 255, outcomes: [] });
  await shell.close(5000);
});

test("at the deadline it is killed, though what it has started goes on", async () => {
  const shell = hold(300);
  const begun = Date.now();
  expect(await ask(shell, ["sleep", "20"])).toMatchObject({ code: 124, outcomes: [] });
  expect(Date.now() - begun).toBeLessThan(10_000);
  await shell.close(5000);
});

test("a program that is not there cannot be run", async () => {
  const shell = hold(60_000, "no-such-program");
  await expect(ask(shell, ["true"])).rejects.toThrow("cannot run no-such-program");
  await shell.close(5000);
});
