import type { Program, Ran } from "../kernel/host.ts";
import { quoteWord } from "../values/shell-word.ts";

/** Directories of programs that the login of another host may not have in its PATH: sshd's default differs between distributions. */
const DIRECTORIES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A script cannot hold NUL; printf writes it for `%b` (POSIX, printf: `\\0ddd`). */
const printed = (text: string): string =>
  text.includes("\0")
    ? `printf %b ${quoteWord(text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0000"))}`
    : `printf %s ${quoteWord(text)}`;

const lineOf = ({ file, args, stdin }: Program): string => {
  const words = [file, ...args].map(quoteWord).join(" ");
  // printf is a builtin, so that the input's length has no limit; standard error passes through the command substitution.
  return stdin === ""
    ? `${words} </dev/null 2>&1 >&3 3>&-`
    : `${printed(stdin)} 2>/dev/null | ${words} 2>&1 >&3 3>&-`;
};

/**
 * Returns a script that runs programs one after the other, for `sh` to read from its standard input. It is one compound command: a
 * shell reads all of it before it runs any of it (POSIX, 2.10), so a script that arrives in part changes nothing. One that
 * has arrived runs to its end, even if its connection dies. It is a shell of its own: the next script finds nothing of it.
 *
 * @param mark a line that no program prints
 * @param chained whether a program runs only if the one before ended with 0
 */
export const renderScript = (programs: readonly Program[], mark: string, chained: boolean): string =>
  [
    "(",
    "trap '' HUP PIPE",
    `PATH=$PATH:${DIRECTORIES} LC_ALL=C`,
    "export PATH LC_ALL",
    "exec 3>&1",
    ...programs.flatMap((program) => [
      `error=$(${lineOf(program)}); code=$?`,
      `printf '\\n${mark} %s\\n%s\\n${mark}\\n' "$code" "$error"`,
      ...(chained ? ['[ "$code" = 0 ] || exit 0'] : []),
    ]),
    `printf '%s end\\n' ${mark}`,
    ")",
    "",
  ].join("\n");

/** Returns the line that a script prints behind all programs. What they have left running may print behind it. */
export const endLine = (mark: string): string => `${mark} end\n`;

/** Reads the output of a script. @returns the programs that ended, in their order: fewer than ran, if the connection died */
export const readOutcomes = (stdout: string, mark: string): readonly Ran[] => {
  const outcomes: Ran[] = [];
  let from = 0;
  for (;;) {
    const head = `\n${mark} `;
    const at = stdout.indexOf(head, from);
    if (at < 0) return outcomes;
    const codeEnd = stdout.indexOf("\n", at + head.length);
    const tail = `\n${mark}\n`;
    const end = codeEnd < 0 ? -1 : stdout.indexOf(tail, codeEnd);
    if (end < 0) return outcomes;
    const error = stdout.slice(codeEnd + 1, end);
    outcomes.push({
      code: Number(stdout.slice(at + head.length, codeEnd)),
      stdout: stdout.slice(from, at),
      stderr: error === "" ? "" : `${error}\n`,
    });
    from = end + tail.length;
  }
};
