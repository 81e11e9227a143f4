import { readAnswers } from "../kernel/facts/answers.ts";
import type { Host, Ran } from "../kernel/host.ts";
import { asObject, asText } from "../kernel/observe/json.ts";

/** The answer to a question about all devices, sorted by the device that each part is about; null when it failed. */
type Whole = ReadonlyMap<string, readonly unknown[]> | null;

/** One line of a batch: what it asks of all devices, and the one that it is about. */
interface Line {
  readonly whole: string;
  readonly dev: string | null;
}

const toLine = (line: string): Line => {
  const match = /^(.*?) dev (\S+)(.*)$/.exec(line);
  return match === null
    ? { whole: line, dev: null }
    : { whole: `${match[1] ?? ""}${match[3] ?? ""}`, dev: match[2] ?? "" };
};

const NO_DEVICE = "";

/** `link`, `address`, `vlan` and `fdb` say `ifname`, `route` and `neigh` say `dev`. */
const byDevice = (documents: readonly unknown[]): Whole => {
  const all = new Map<string, unknown[]>();
  for (const document of documents) {
    const json = asObject(document);
    const dev = asText(json["ifname"]) ?? asText(json["dev"]) ?? NO_DEVICE;
    const known = all.get(dev);
    if (known === undefined) all.set(dev, [document]);
    else known.push(document);
  }
  return all;
};

/**
 * A host to look at, not to change, that is asked each question once for all of its devices: the hook names its devices,
 * because it has one guest to look after, but `bridge vlan show dev X` makes the kernel list them all, and for 500 guests
 * that is 500 times.
 */
export const sharing = (host: Host): Host => {
  const answered = new Map<string, Promise<Whole>>();
  const ran = new Map<string, Promise<Ran>>();

  /** Asks what has not been asked yet, in one process. */
  const ask = (file: string, args: readonly string[], lines: readonly Line[]): void => {
    const key = (whole: string): string => `${file} ${whole}`;
    const fresh = [...new Set(lines.map(({ whole }) => whole))].filter((whole) => !answered.has(key(whole)));
    if (fresh.length === 0) return;
    const all = host
      .run(file, args, `${fresh.join("\n")}\n`)
      .then(({ stdout, stderr }) => readAnswers(stdout, stderr, [...fresh.keys()]));
    for (const [index, whole] of fresh.entries()) {
      const one = all.then((answers) => {
        const documents = answers[index] ?? null;
        return documents === null ? null : byDevice(documents);
      });
      // Each is waited for below; one that nobody gets to must not end the program.
      one.catch(() => undefined);
      answered.set(key(whole), one);
    }
  };

  /** Answers as the tool itself would: a document a line, and `Command failed` for a device that is not there. */
  const answer = async (file: string, lines: readonly Line[]): Promise<Ran> => {
    const out: string[] = [];
    const err: string[] = [];
    for (const [index, { whole, dev }] of lines.entries()) {
      const documents = (await answered.get(`${file} ${whole}`)) ?? null;
      const own = dev === null ? [...(documents?.values() ?? [])].flat() : (documents?.get(dev) ?? []);
      const gone = documents === null || (whole === "link show" && own.length === 0);
      if (gone) err.push(`Command failed -:${String(index + 1)}`);
      else out.push(JSON.stringify(own));
    }
    return { code: err.length > 0 ? 1 : 0, stdout: out.join("\n"), stderr: err.join("\n") };
  };

  return {
    readSysctl: host.readSysctl,
    readFile: host.readFile,
    writeSysctl: (name) => {
      throw new Error(`${name} was to be written while looking`);
    },
    writeSysfs: (name) => {
      throw new Error(`${name} was to be written while looking`);
    },
    run: (file, args, stdin = "") => {
      if (args.includes("-batch")) {
        const lines = stdin.trimEnd().split("\n").map(toLine);
        ask(file, args, lines);
        return answer(file, lines);
      }
      const key = JSON.stringify([file, args, stdin]);
      const known = ran.get(key) ?? host.run(file, args, stdin);
      ran.set(key, known);
      return known;
    },
  };
};
