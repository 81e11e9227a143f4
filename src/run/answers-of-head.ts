import { read } from "node:fs";

/** Our end of the pipe that what it runs writes to: see `run` in hooks/head.sh. */
const STDOUT = 5;

/** What a program wrote to stdout, a character a byte, and ended with. */
export interface Answer {
  readonly bytes: string;
  readonly status: number;
  /** It was killed, because its time was up. */
  readonly late: boolean;
}

const kill = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
};

/**
 * What the programs that the head runs write to stdout, in the order in which it runs them. It puts the mark of each between: with its
 * process ID once it has started, and with its status behind all that it wrote.
 *
 * @returns reads the answer that has this mark; null when the head is gone
 */
export const answersOfHead = (): ((mark: string, until: number) => Promise<Answer | null>) => {
  const buffer = Buffer.allocUnsafe(65_536);
  let rest = "";
  const readMore = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      read(STDOUT, buffer, 0, buffer.length, null, (error, count) => {
        rest += buffer.toString("latin1", 0, count);
        if (error === null) resolve(count > 0);
        else reject(error);
      });
    });
  return async (mark, until) => {
    const marks = new RegExp(`${mark} (\\d+)\n`, "g");
    let pid: number | undefined;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (pid !== undefined) kill(pid);
    }, until - Date.now());
    try {
      for (;;) {
        const [started, ended] = [...rest.matchAll(marks)];
        if (ended !== undefined) {
          const bytes = rest.slice(0, ended.index).replace(marks, "");
          rest = rest.slice(ended.index + ended[0].length);
          return { bytes, status: Number(ended[1]), late };
        }
        if (started !== undefined && pid === undefined) {
          pid = Number(started[1]);
          if (Date.now() >= until) kill(pid); // it was not there yet when its time was up
        }
        if (!(await readMore())) return null;
      }
    } finally {
      clearTimeout(timer);
    }
  };
};
