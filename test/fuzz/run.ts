// `npm run fuzz -- [INPUTS] [SEED]`: imports that many broken files; never a crash, a hang, or half a result.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { importDomain } from "../../src/import/domain/import-domain.ts";
import { importXen } from "../../src/import/xen/import-xen.ts";
import type { ImportedGuest } from "../../src/import/report/imported-guest.ts";
import { toJson, renderMarkdown } from "../../src/import/report/render.ts";
import { parseBridgeRule } from "../../src/import/to-profile/bridge-map.ts";
import type { Issue } from "../../src/values/issue.ts";
import type { Result } from "../../src/values/result.ts";
import { parseXen } from "../../src/import/xen/syntax/detect.ts";
import { findCorpus, readCorpus } from "../corpus/corpus.ts";
import { mutated, soup, specs } from "./mutate.ts";

const inFolders = (root: string, ending: string): readonly string[] =>
  readdirSync(root).flatMap((folder) =>
    readdirSync(join(root, folder)).flatMap((file) =>
      file.endsWith(ending) ? [readFileSync(join(root, folder, file), "utf8")] : [],
    ),
  );

const corpus = findCorpus();
const configs = [
  ...inFolders("fixtures/xen", ".cfg"),
  ...(corpus === null ? [] : readCorpus(corpus).map(({ text }) => text)),
];
const foreign =
  corpus === null
    ? []
    : ["xen-xml", "qemu-interfaces"].flatMap((folder) =>
        readdirSync(join(corpus, folder)).flatMap((file) =>
          file.endsWith(".xml") ? [readFileSync(join(corpus, folder, file), "utf8")] : [],
        ),
      );
const domains = [...inFolders("fixtures/domains", ".xml"), ...foreign];

const rule = parseBridgeRule("xenbr*=br0:*");
const map = typeof rule === "string" ? [] : [rule];
const counts = { taken: 0, refused: 0, slowest: 0 };

/** What must hold of any result: a whole profile that genxml takes, or reasons with their places. */
const judge = (run: () => Result<ImportedGuest, Issue>): ImportedGuest | null => {
  const before = performance.now();
  const result = run();
  const took = performance.now() - before;
  counts.slowest = Math.max(counts.slowest, took);
  if (took > 2000) throw new Error(`took ${took} ms`);
  if (!result.ok) {
    counts.refused += 1;
    const [first] = result.problems;
    if (first === undefined) throw new Error("refused without a reason");
    for (const { position, message } of result.problems) {
      if (position === null || position.line < 1 || position.column < 1)
        throw new Error(`no place in the file: ${message}`);
      if (message.startsWith("the profile that this makes is refused")) throw new Error(message);
    }
    return null;
  }
  counts.taken += 1;
  JSON.parse(result.value.text);
  renderMarkdown(result.value, "");
  JSON.stringify(toJson(result.value));
  return result.value;
};

const importAny = (text: string): void => {
  const outcome = judge(() => importXen("f", text, { map, syntax: null }));
  const parsed = parseXen(text);
  if (outcome === null || !parsed.ok) return;
  const keys = new Set(outcome.entries.map(({ path }) => String(path[0])));
  for (const { key } of parsed.value.assignments)
    if (!keys.has(key)) throw new Error(`${key} is in no account`);
};

const [inputs = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const files = fc.oneof(
  { weight: 5, arbitrary: mutated(configs).map((text) => ({ kind: "xen", text }) as const) },
  { weight: 2, arbitrary: specs.map((text) => ({ kind: "xen", text }) as const) },
  { weight: 1, arbitrary: soup.map((text) => ({ kind: "xen", text }) as const) },
  { weight: 2, arbitrary: mutated(domains).map((text) => ({ kind: "domain", text }) as const) },
);
fc.assert(
  fc.property(files, ({ kind, text }) => {
    if (kind === "xen") importAny(text);
    else judge(() => importDomain("f", text, { map }, (name) => `${name}.xml`));
  }),
  { numRuns: inputs, seed },
);
console.log(
  `fuzz: ${inputs} inputs, seed ${seed}: ${counts.taken} taken, ${counts.refused} refused, slowest ${Math.round(counts.slowest)} ms`,
);
