import { execaSync } from "execa";

/** How a program ended, and what it said. No status: a signal ended it, or there is no such program. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd?: string;
  readonly input?: string;
  /** All of its environment; otherwise it is this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which it is killed. */
  readonly timeout?: number;
}

/** Runs a program to its end, and throws with its output unless it succeeds. @returns its standard output */
export const outputOf = (file: string, args: readonly string[], options: Options = {}): string => {
  const { status, stdout, stderr } = runProgram(file, args, options);
  if (status === 0) return stdout;
  const output = `${stdout}${stderr}`.split("\n").slice(-30).join("\n");
  throw new Error(
    `${file} ${args.join(" ")}: ${status === null ? "cannot be run" : `status ${String(status)}`}\n${output}`,
  );
};

/** Runs a program to its end. */
export const runProgram = (file: string, args: readonly string[], options: Options = {}): Ended => {
  const { exitCode, stdout, stderr } = execaSync(file, args, {
    ...options,
    extendEnv: options.env === undefined,
    reject: false,
    stripFinalNewline: false,
  });
  return { status: exitCode ?? null, stdout, stderr };
};
