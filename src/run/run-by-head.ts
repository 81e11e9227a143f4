import { mkdirSync, readFileSync, unlinkSync, writeFileSync, writeSync } from "node:fs";
import type { Ran, Run } from "../kernel/host.ts";
import { answersOfHead } from "./answers-of-head.ts";
import { type Deadline, ended } from "./deadline.ts";

/** Our end of the pipe that the head reads: see `run_for_node` in hooks/head.sh. */
const ASK = 4;
/** Where it finds what a program is to read, for shells read pipes byte by byte, and leaves what one writes to stderr. */
const FOLDER = "/run/guestnet/runs/";
/** What a shell ends with for a program that it cannot start. */
const NOT_STARTED: ReadonlySet<number> = new Set([126, 127]);

/** The shell beside us, as the head of the hook tells us of it. */
export interface Head {
  readonly pid: string;
  /** What it runs before it is asked: words with blanks between them, or "". */
  readonly ahead: string;
}

/** Runs programs, and knows when it is done with all of them: Node cannot exit while it reads, and would wait for ever. */
export interface Runner {
  readonly run: Run;
  readonly done: () => Promise<unknown>;
}

/** Null when there is none: then the program was not run, either. */
const takeFile = (name: string): string | null => {
  try {
    const text = readFileSync(name, "utf8");
    unlinkSync(name);
    return text;
  } catch {
    return null;
  }
};

/**
 * Has programs run by a shell beside us, one after the other. To start one ourselves we would have to load what Node has for that,
 * and to copy the page tables of all its memory (fork), which takes longer than `ip` does.
 *
 * @param otherwise runs what the shell cannot, and all that comes after its end
 */
export const runByHead = (head: Head, deadline: Deadline, otherwise: Run): Runner => {
  const answer = answersOfHead();
  const ours = `${String(process.pid)}-${String(Math.random()).slice(2, 12)}`; // which no program writes by chance
  let asked = 0;
  let gone = false;

  /** Null where it has not been run. */
  const answered = async (file: string, mark: string): Promise<Ran | null> => {
    const said = await answer(mark, deadline()).catch(() => null);
    const stderr = takeFile(`${FOLDER}${mark}.err`);
    if (said === null) {
      gone = true;
      return { code: 128, stdout: "", stderr: `the shell that ran ${file} is gone` };
    }
    if (stderr === null || NOT_STARTED.has(said.status)) return null;
    const stdout = Buffer.from(said.bytes, "latin1").toString("utf8");
    return said.late ? ended(file, stdout, stderr) : { code: said.status, stdout, stderr };
  };
  let ahead = head.ahead === "" ? null : answered(head.ahead, `${head.pid}-ahead`);
  let last: Promise<unknown> = Promise.resolve(ahead);

  /** @returns the mark of its answer, or null where it cannot be told */
  const tell = (words: readonly string[], stdin: string): string | null => {
    if (gone || words.some((word) => word.includes("\n"))) return null;
    asked += 1;
    const mark = `${ours}-${String(asked)}`;
    try {
      mkdirSync(FOLDER, { recursive: true, mode: 0o755 });
      if (stdin !== "") writeFileSync(`${FOLDER}${mark}`, stdin, { mode: 0o600 });
      writeSync(ASK, [`${String(words.length)} ${mark}`, ...words, ""].join("\n"));
      return mark;
    } catch {
      gone = true; // or there is no room for what it is told
      return null;
    }
  };

  const run: Run = (file, args, stdin = "") => {
    const words = [file, ...args];
    const known = stdin === "" && words.join(" ") === head.ahead ? ahead : null;
    if (known !== null) ahead = null;
    // It is told at once, so that it need not wait for us between two programs.
    const mark = known === null ? tell(words, stdin) : null;
    const ran = last.then(async () => {
      const said = known ?? (mark === null ? null : answered(file, mark));
      if (mark !== null && stdin !== "") void said?.then(() => takeFile(`${FOLDER}${mark}`));
      return (await said) ?? otherwise(file, args, stdin);
    });
    last = ran.catch(() => undefined);
    return ran;
  };
  return { run, done: () => last };
};
