import type { IfName } from "../../values/names.ts";

/** The tools that answer questions in JSON, many in one process. */
export type AskingTool = "ip" | "bridge";

/** A question to ip(8) or bridge(8): `OBJECT VERB [dev DEV] [ARGS]`. */
export interface Question {
  readonly tool: AskingTool;
  readonly object: "link" | "address" | "route" | "neigh" | "vlan" | "fdb";
  readonly verb: "show" | "get";
  /** The device that it is about; null for all, or for what belongs to none. */
  readonly dev: IfName | null;
  readonly args: string;
}

/** A question, and how its answer is read. */
export interface Query<Found> extends Question {
  readonly read: (documents: readonly unknown[]) => readonly Found[];
}

/** Returns the line of a batch that asks it. */
export const questionLine = ({ object, verb, dev, args }: Question): string =>
  [object, verb, ...(dev === null ? [] : ["dev", dev]), ...(args === "" ? [] : [args])].join(" ");

/** The output of a tool, a line for each question; null for a failed one, whose device does not exist. */
export type Answers = readonly (readonly unknown[] | null)[];

/**
 * Options for a batch that answers in JSON, one document a line. `-details` makes `ip` print the settings of bridges and
 * taps, and `bridge` the flags of ports; `-N` prints numbers where the administrator may have given names (/etc/iproute2).
 */
export const JSON_OPTIONS: Readonly<Record<AskingTool, readonly string[]>> = {
  ip: ["-json", "-details", "-N"],
  bridge: ["-json", "-details"],
};

/** Returns the failed lines of a batch, counted from 0: iproute2 prints `Command failed -:N` for each. */
export const failedLines = (stderr: string): ReadonlySet<number> =>
  new Set([...stderr.matchAll(/^Command failed -:(\d+)$/gm)].map((match) => Number(match[1]) - 1));

/** Returns what iproute2 printed of a failed batch in one line, without its number. */
export const batchError = (stderr: string): string =>
  stderr
    .replace(/^Command failed .*$/m, "")
    .trim()
    .split("\n")
    .join("; ");

/**
 * Finds the answers in what a batch printed. A line that fails prints no document and is named on stderr, so the
 * documents are those of the other lines, in order.
 *
 * @param lines indexes of the batch's lines that are questions; changes print nothing
 */
export const readAnswers = (stdout: string, stderr: string, lines: readonly number[]): Answers => {
  const failed = failedLines(stderr);
  const documents = stdout.split("\n").filter((line) => line.trim() !== "");
  const good = lines.filter((line) => !failed.has(line));
  if (documents.length !== good.length) {
    throw new Error(`${documents.length} answers to ${good.length} questions: ${stdout}${stderr}`);
  }
  const answers = documents.values();
  return lines.map((line) =>
    failed.has(line) ? null : (JSON.parse(answers.next().value ?? "[]") as readonly unknown[]),
  );
};
