import type { Run } from "../model/host.ts";

/** A line for `ip -batch` or `bridge -batch`, and what it printed: parsed JSON, or null because it failed. */
export type Shown = readonly (readonly unknown[] | null)[];

/**
 * Several questions with one process. With `-force` a failing line (a device that is not there) does not end the
 * batch: it prints no JSON, and `Command failed -:N` on stderr says which it was. So the documents on stdout, one
 * a line, are those of the other lines in order.
 */
export const show = async (run: Run, tool: "ip" | "bridge", lines: readonly string[]): Promise<Shown> => {
  if (lines.length === 0) return [];
  const details = tool === "ip" ? ["-details"] : [];
  const ran = await run(tool, ["-json", ...details, "-force", "-batch", "-"], `${lines.join("\n")}\n`);
  const failed = new Set([...ran.stderr.matchAll(/^Command failed -:(\d+)$/gm)].map((m) => Number(m[1]) - 1));
  const documents = ran.stdout.split("\n").filter((line) => line.trim() !== "");
  if (documents.length !== lines.length - failed.size) {
    throw new Error(
      `${tool} answered ${String(documents.length)} of ${String(lines.length)} questions: ${ran.stderr}`,
    );
  }
  const answers = documents.values();
  return lines.map((_, index) =>
    failed.has(index) ? null : (JSON.parse(answers.next().value ?? "[]") as unknown[]),
  );
};
