import { type AskingTool, type Question, questionLine } from "../kernel/facts/question.ts";
import { membersOf, asText } from "../values/json.ts";
import type { Host, Ran } from "../kernel/host.ts";
import { type AskedHost, toAsked } from "../kernel/observe/observe.ts";

/** The answer to a question about all devices, sorted by the device that each part is about; null when it failed. */
type Whole = ReadonlyMap<string, readonly unknown[]> | null;

const NO_DEVICE = "";

/** `link`, `address`, `vlan` and `fdb` name it `ifname`; `route` and `neigh` name it `dev`. */
const byDevice = (documents: readonly unknown[]): Whole => {
  const all = new Map<string, unknown[]>();
  for (const document of documents) {
    const json = membersOf(document);
    const dev = asText(json["ifname"]) ?? asText(json["dev"]) ?? NO_DEVICE;
    const known = all.get(dev);
    if (known === undefined) all.set(dev, [document]);
    else known.push(document);
  }
  return all;
};

/** Returns the answer that the tool would give for one device; null if the device does not exist. */
const partOf = (whole: Whole, { object, dev }: Question): readonly unknown[] | null => {
  if (whole === null) return null;
  if (dev === null) return [...whole.values()].flat();
  const own: readonly unknown[] = whole.get(dev) ?? [];
  return object === "link" && own.length === 0 ? null : own;
};

const refuseWrite = (name: string): never => {
  throw new Error(`${name} was to be written while looking`);
};

/**
 * A host to look at, not to change, that is asked each question once for all of its devices: the hook names its devices,
 * because it has one guest to look after, but `bridge vlan show dev X` makes the kernel list them all, and for 500 guests
 * that is 500 times.
 */
export const shareAnswers = (host: Host): AskedHost => {
  const asked = toAsked(host);
  const answered = new Map<string, Promise<Whole>>();
  const ran = new Map<string, Promise<Ran>>();
  const wholeOf = (question: Question): Question => ({ ...question, dev: null });
  const keyOf = (whole: Question): string => `${whole.tool} ${questionLine(whole)}`;

  /** Asks what has not been asked yet, in one process. */
  const askWhole = (tool: AskingTool, questions: readonly Question[]): void => {
    const wholes = new Map(questions.map(wholeOf).map((whole) => [keyOf(whole), whole]));
    const fresh = [...wholes].filter(([key]) => !answered.has(key));
    if (fresh.length === 0) return;
    const all = asked.ask(
      tool,
      fresh.map(([, whole]) => whole),
    );
    for (const [index, [key]] of fresh.entries()) {
      const one = all.then((answers) => {
        const documents = answers[index] ?? null;
        return documents === null ? null : byDevice(documents);
      });
      answered.set(key, one);
      // A failed question can be asked again, without those that it was asked with.
      one.catch(() => answered.delete(key));
    }
  };

  return {
    readSysctl: host.readSysctl,
    readFile: host.readFile,
    exists: host.exists,
    writeSysctl: refuseWrite,
    writeSysfs: refuseWrite,
    ask: (tool, questions) => {
      askWhole(tool, questions);
      return Promise.all(
        questions.map(async (question) =>
          partOf((await answered.get(keyOf(wholeOf(question)))) ?? null, question),
        ),
      );
    },
    run: (file, args, stdin = "") => {
      const key = JSON.stringify([file, args, stdin]);
      const known = ran.get(key) ?? host.run(file, args, stdin);
      ran.set(key, known);
      return known;
    },
  };
};
