import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram } from "../support/run-program.ts";
import { decode, encode } from "../../hooks/engines/utf8.ts";
import { describeOnEngines } from "../lab/describe-on-engines.ts";
import type { EngineStep } from "../support/engine-step.ts";
import fc from "../support/fast-check.ts";

const SH = "/bin/sh";

describeOnEngines("what the hook needs of an engine", ({ name, path }) => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "guestnet-engine-"));
    const options = [
      "--bundle",
      "--format=cjs",
      "--platform=node",
      `--outfile=${join(folder, "driver.cjs")}`,
    ];
    const { status, stderr } = runProgram("node_modules/.bin/esbuild", [
      "test/support/engine-driver.ts",
      ...options,
      "--log-level=warning",
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const take = (...steps: readonly EngineStep[]): readonly unknown[] => {
    const options = name === "QuickJS" ? ["--std", "--script"] : [];
    const words = [...options, join(folder, "driver.cjs"), join(folder, "results")];
    const { status, stdout, stderr } = runProgram(path, words, {
      input: JSON.stringify(steps),
      env: { PATH: "/usr/bin:/bin", SECRET: "hunter2" },
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    return JSON.parse(readFileSync(join(folder, "results"), "utf8")) as readonly unknown[];
  };
  const soon = 10_000;

  test("gives back what a program says, and its status", () => {
    const run = [SH, "-c", "cat; echo bad >&2; exit 3"] as const;
    expect(take({ run, stdin: "input\n", ms: soon })).toEqual([
      { code: 3, stdout: "input\n", stderr: "bad\n" },
    ]);
  });

  test("finds programs by the PATH, and says which cannot be run", () => {
    writeFileSync(join(folder, "plain"), "");
    const unknown = ["no-such", join(folder, "no-such"), join(folder, "plain")] as const;
    const steps = unknown.map((file) => ({ run: [file] as const, ms: soon }));
    expect(take({ run: ["true"], ms: soon }, ...steps)).toEqual([
      { code: 0, stdout: "", stderr: "" },
      "threw: cannot run no-such: ENOENT",
      `threw: cannot run ${folder}/no-such: ENOENT`,
      `threw: cannot run ${folder}/plain: EACCES`,
    ]);
  });

  test("a program that does not read its input is judged by its status", () => {
    const stdin = "x".repeat(1_000_000);
    expect(take({ run: [SH, "-c", "exec <&-; sleep 0.1; exit 4"], stdin, ms: soon })).toMatchObject([
      { code: 4 },
    ]);
  });

  test("a program that reads, writes and complains more than a pipe holds, all at once, comes to its end", () => {
    const stdin = `${"0123456789".repeat(50)}\n`.repeat(2_000);
    const echo = 'while read -r line; do echo "$line"; echo "$line" >&2; done';
    const [ran] = take({ run: [SH, "-c", echo], stdin, ms: soon });
    expect(isDeepStrictEqual(ran, { code: 0, stdout: stdin, stderr: stdin })).toBe(true);
  });

  test("what is no ASCII arrives, and what is no UTF-8 is marked", () => {
    const stdin = "ä€😀 Grüße\n";
    const [whole, broken] = take(
      { run: [SH, "-c", "cat; echo 'ä€😀' >&2"], stdin, ms: soon },
      { run: [SH, "-c", "printf 'a\\303b\\377\\342\\202\\n'"], ms: soon },
    );
    expect(whole).toEqual({ code: 0, stdout: stdin, stderr: "ä€😀\n" });
    expect(broken).toMatchObject({ stdout: expect.stringMatching(/^a\ufffdb\ufffd+\n$/) });
  });

  test("ends a program at the deadline, and says so after what it said itself", () => {
    const begun = Date.now();
    expect(take({ run: [SH, "-c", "echo half >&2; exec sleep 30"], ms: 1_500 })).toEqual([
      { code: 124, stdout: "", stderr: "/bin/sh had not ended when the time was up: half\n" },
    ]);
    expect(Date.now() - begun).toBeLessThan(15_000);
  });

  test("does not wait for what an ended program has started", () => {
    const begun = Date.now();
    // The shell stays, and so does its child, which holds the pipes.
    expect(take({ run: [SH, "-c", "sleep 20; true"], ms: 200 })).toMatchObject([{ code: 124 }]);
    expect(Date.now() - begun).toBeLessThan(15_000);
  });

  test("a program that is killed by another has not been late, and has its signals", () => {
    expect(
      take(
        { run: [SH, "-c", "kill -9 $$"], ms: soon },
        { run: [SH, "-c", "kill -PIPE $$; echo no"], ms: soon },
      ),
    ).toEqual([
      { code: 128, stdout: "", stderr: "" },
      { code: 128, stdout: "", stderr: "" },
    ]);
  });

  test("two programs that are asked for at the same time are kept apart", () => {
    expect(
      take({
        both: [
          [SH, "-c", "sleep 0.2; echo one"],
          [SH, "-c", "echo two"],
        ],
      }),
    ).toMatchObject([[{ stdout: "one\n" }, { stdout: "two\n" }]]);
  });

  test("knows what is there: files, folders and links, and not what is missing", () => {
    writeFileSync(join(folder, "file"), "");
    symlinkSync("file", join(folder, "link"));
    const there = [
      "file",
      "link",
      ".",
      "/proc/self",
      "/sys/class/net/lo",
      "/sys/class/net/lo/mtu",
      "/bin/sh",
    ];
    const missing = ["none", "file/none", "none/none", "/sys/class/net/none/mtu", "/proc/sys/net/none"];
    const steps = [...there, ...missing].map((name) => ({ exists: resolve(folder, name) }));
    expect(take(...steps)).toEqual([...there.map(() => true), ...missing.map(() => false)]);
  });

  test("no program sees a variable that was taken", () => {
    const [taken, none, ran] = take({ take: "SECRET" }, { take: "OTHER" }, { run: ["env"], ms: soon });
    expect([taken, none]).toEqual(["hunter2", ""]);
    expect(ran).toMatchObject({ code: 0, stdout: expect.not.stringContaining("hunter2") });
  });

  test("reads the kernel's files, whose size is 0, and knows those that are not there from those that cannot be read", () => {
    const [version, none, below, folderItself] = take(
      { readFile: "/proc/sys/kernel/ostype" },
      { readFile: "/proc/sys/net/no-such" },
      { readFile: "/proc/version/no-such" },
      { readFile: "/proc/sys" },
    );
    expect([version, none, below]).toEqual(["Linux", null, null]);
    expect(folderItself).toMatch(/^threw: /);
  });

  test("writes files, and says what the kernel refuses", () => {
    const [made, refused] = take(
      { writeFile: [join(folder, "text"), "ä€\n"] },
      { writeFile: ["/proc/self/oom_score_adj", "many"] },
    );
    expect(made).toBeNull();
    expect(readFileSync(join(folder, "text"), "utf8")).toBe("ä€\n");
    expect(refused).toMatch(/^threw: .*invalid argument/i);
  });

  test("what it leaves behind outlives it, in a session of its own, with none of its pipes", async () => {
    const script = `read -r _ _ _ _ _ session _ </proc/$$/stat; echo $session >${folder}/session; exec sleep 30`;
    const begun = Date.now();
    const [pid] = take({ leave: [SH, "-c", script] });
    try {
      // The call would have to wait for the end of it, if it held the pipes.
      expect(Date.now() - begun).toBeLessThan(15_000);
      const session = (): string => readFileSync(join(folder, "session"), { encoding: "utf8", flag: "a+" });
      for (let round = 0; round < 500 && session() === ""; round += 1) await sleep(20);
      expect(session()).toBe(`${String(pid)}\n`);
    } finally {
      process.kill(Number(pid), "SIGKILL");
    }
  });
});

describe("UTF-8", () => {
  const asCharacters = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

  test("is written and read as Node does, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const bytes = Buffer.from(text);
        expect(Buffer.from(encode(text)).equals(bytes)).toBe(true);
        expect(decode(asCharacters(bytes))).toBe(text);
      }),
    );
  });

  test("whatever the bytes, what is UTF-8 among them is read", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: "binary" }), (noise, text) => {
        const read = decode(
          asCharacters(Buffer.concat([Buffer.from(noise), Buffer.from("\n"), Buffer.from(text)])),
        );
        expect(read.endsWith(`\n${text}`)).toBe(true);
        expect(read.replaceAll("\ufffd", "")).toBe(
          Buffer.concat([Buffer.from(noise), Buffer.from("\n"), Buffer.from(text)])
            .toString()
            .replaceAll("\ufffd", ""),
        );
      }),
    );
  });
});
