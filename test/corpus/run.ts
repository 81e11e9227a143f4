// `npm run corpus`: imports every file of a corpus of Xen configurations, and compares with what other parsers made of it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importXen } from "../../src/import/xen/import-xen.ts";
import type { ImportedGuest } from "../../src/import/report/imported-guest.ts";
import { renderMarkdown } from "../../src/import/report/render.ts";
import { renderDomain } from "../support/templates.ts";
import { PORTABLE } from "../../src/values/libvirt-version.ts";
import { EXPLAINED, compareWithTwin, compareWithXl, judgeRefusal } from "./check.ts";
import { judgeDomains } from "./domains.ts";
import { findCorpus, type Input, readCorpus } from "./corpus.ts";
import { runProgram } from "../support/run-program.ts";

const ours = readFileSync("templates/domain-q35.xml", "utf8");
const OPTIONS = { map: [], syntax: null } as const;
const SCHEMA = "/usr/share/libvirt/schemas/domain.rng";

/** Every key of the file, and every line that begins one, has to be in the account. */
const unaccounted = (input: Input, outcome: ImportedGuest): readonly string[] => {
  const keys = new Set(outcome.entries.map(({ path }) => String(path[0])));
  return (input.expect.xl?.assignments ?? [])
    .filter(({ key }) => !keys.has(key))
    .map(({ key, line }) => `${key} (line ${line}) is in no account`);
};

const judge = (input: Input): { readonly faults: readonly string[]; readonly xml: string | null } => {
  const before = performance.now();
  const result = importXen(input.name, input.text, OPTIONS);
  const slow = performance.now() - before > 1000 ? ["took more than a second"] : [];
  if (!result.ok) return { faults: [...slow, ...judgeRefusal(input, result.problems)], xml: null };
  const outcome = result.value;
  const again = importXen(input.name, input.text, OPTIONS);
  const report = renderMarkdown(outcome, "");
  const bytes =
    again.ok && again.value.text === outcome.text && renderMarkdown(again.value, "") === report
      ? []
      : ["imported twice: other bytes"];
  const { xl, lenient, python, must_fail: must, semantic } = input.expect;
  const guest = xl?.guest ?? lenient?.guest ?? python?.guest;
  const xml = renderDomain(outcome.read.profile, ours, PORTABLE);
  const flagged = outcome.entries.some(
    ({ at, weight, outcome: became }) =>
      at.line === semantic?.line && (weight !== "note" || became === "changed"),
  );
  return {
    xml,
    faults: [
      ...slow,
      ...bytes,
      ...(must !== undefined && !must.lenient ? ["taken, and must be refused"] : []),
      ...(semantic !== undefined && !flagged ? [`taken without a word: ${semantic.reason}`] : []),
      ...(report.includes("REDACTED") ? ["a password is in the report"] : []),
      ...(guest === undefined || semantic?.reason.includes("w!") === true
        ? []
        : compareWithXl(outcome, guest)),
      ...(input.twin === null ? [] : compareWithTwin(outcome, xml, input.twin)),
      ...unaccounted(input, outcome),
    ],
  };
};

const main = (): number => {
  const root = findCorpus();
  if (root === null) {
    console.log("corpus: not here (name its folder in GUESTNET_XEN_CORPUS)");
    return 0;
  }
  const inputs = readCorpus(root);
  const folder = mkdtempSync(join(tmpdir(), "guestnet-corpus-"));
  const documents: string[] = [];
  let bad = 0;
  for (const [index, input] of inputs.entries()) {
    const { faults: found, xml } = judge(input);
    const explained = EXPLAINED[input.name];
    const faults = found.filter((fault) => explained?.[0].test(fault) !== true);
    for (const fault of faults) console.log(`${input.name}: ${fault}`);
    bad += faults.length;
    if (xml === null) continue;
    const file = join(folder, `${index}.xml`);
    writeFileSync(file, xml);
    documents.push(file);
  }
  const domains = judgeDomains(root, ours);
  for (const [index, { name, xml, faults }] of domains.entries()) {
    for (const fault of faults) console.log(`${name}: ${fault}`);
    bad += faults.length;
    if (xml === null) continue;
    const file = join(folder, `domain-${index}.xml`);
    writeFileSync(file, xml);
    documents.push(file);
  }
  let valid = "not validated: no schema here";
  if (existsSync(SCHEMA)) {
    const ran = runProgram("xmllint", ["--noout", "--relaxng", SCHEMA, ...documents]);
    const wrong = ran.stderr.split("\n").filter((line) => line !== "" && !line.endsWith(" validates"));
    for (const line of wrong) console.log(line);
    bad += wrong.length;
    valid = `${documents.length} domains validated`;
  }
  rmSync(folder, { recursive: true });
  console.log(
    `corpus: ${inputs.length + domains.length} files, ${documents.length} imported, ${valid}, ${bad} faults`,
  );
  return bad === 0 ? 0 : 1;
};

process.exitCode = main();
