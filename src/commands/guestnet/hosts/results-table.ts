import pc from "picocolors";
import { renderColumns, type TableRow } from "../columns.ts";
import type { HostAnswer } from "./each-host.ts";

/** What one host came to, for people. */
export interface HostResult {
  readonly text: string;
  /** `bad`: it could not be done; `todo`: there is something to do. */
  readonly state: "good" | "todo" | "bad";
  /** Lines below the row. */
  readonly below: readonly string[];
}

/** Returns one table of all hosts: a row for each, with what belongs to it below. */
export const renderResults = <T>(
  answers: readonly HostAnswer<T>[],
  resultOf: (value: T) => HostResult,
  { colour }: { readonly colour: boolean },
): string => {
  const paint = pc.createColors(colour);
  const paints = { good: paint.green, todo: paint.yellow, bad: paint.red } as const;
  const head: TableRow = {
    kind: "cells",
    cells: ["HOST", "RESULT"].map((text) => ({ text, paint: paint.bold })),
  };
  const rows = answers.flatMap((answer): readonly TableRow[] => {
    const { text, state, below }: HostResult =
      answer.kind === "seen"
        ? resultOf(answer.value)
        : { text: "failed", state: "bad", below: [answer.why, `hint: ${answer.hint}`] };
    return [
      { kind: "cells", cells: [{ text: answer.host }, { text, paint: paints[state] }] },
      ...below.map((line): TableRow => ({ kind: "line", text: line === "" ? "" : `  ${line}` })),
    ];
  });
  return renderColumns([head, ...rows]);
};

/** Returns the lines of a text. */
export const linesOf = (text: string): readonly string[] => text.replace(/\n$/, "").split("\n");

/** Returns the hosts as JSON, as `guestnet status --json` has them. */
export const hostsJson = <T>(answers: readonly HostAnswer<T>[]): readonly object[] =>
  answers.map((answer) => ({
    host: answer.host,
    uri: answer.uri,
    answered: answer.kind === "seen",
    reason: answer.kind === "silent" ? answer.why : null,
  }));
