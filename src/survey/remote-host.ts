import type { Run } from "../kernel/host.ts";
import type { AskedHost } from "../kernel/observe/observe.ts";
import { shareAnswers } from "./shared-answers.ts";

/** Reads files of a host that is not this one. A file that is not there is missing in the answer. */
export type ReadFiles = (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Linux takes 2 MiB of arguments (execve(2)); a name here has less than 100 bytes. */
const AT_ONCE = 2000;

/**
 * The files by name, with `grep`, which prints the file before each line; no name of the kernel has a colon or a newline in it
 * (dev_valid_name, net/core/dev.c).
 */
export const readFilesBy =
  (run: Run): ReadFiles =>
  async (names) => {
    const parts = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, part) =>
      names.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
    );
    const ran = await Promise.all(parts.map((part) => run("grep", ["-asH", "", "--", ...part])));
    const files = new Map<string, string>();
    for (const line of ran.flatMap(({ stdout }) => stdout.split("\n"))) {
      const colon = line.indexOf(":");
      if (colon < 0) continue;
      const [name, text] = [line.slice(0, colon), line.slice(colon + 1)];
      const before = files.get(name);
      files.set(name, before === undefined ? text : `${before}\n${text}`);
    }
    return files;
  };

const nothingWritten = (name: string): never => {
  throw new Error(`${name} was to be written on another host while looking`);
};

/**
 * Looks at a host whose files cannot be read at once. The work is done with what is known, notes what it would have read, and is
 * done again when that has been fetched, until it misses nothing. It must change nothing, and give the same for the
 * same answers; programs are run once.
 */
export const lookAtRemote = async <T>(run: Run, work: (host: AskedHost) => Promise<T>): Promise<T> => {
  const readFiles = readFilesBy(run);
  const known = new Map<string, string | null>();
  const unread = new Set<string>();
  const readFile = (name: string): string | null => {
    const text = known.get(name);
    if (text === undefined) unread.add(name);
    return text ?? null;
  };
  const host = shareAnswers({
    run,
    readFile,
    exists: (name) => readFile(name) !== null,
    readSysctl: (name) => readFile(`/proc/sys/${name}`),
    writeSysctl: nothingWritten,
    writeSysfs: nothingWritten,
  });
  for (;;) {
    const result = await work(host);
    if (unread.size === 0) return result;
    const names = [...unread];
    unread.clear();
    const files = await readFiles(names);
    for (const name of names) known.set(name, files.get(name)?.trim() ?? null);
  }
};
