import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import template from "../../templates/domain-q35.xml";
import { renderDomain } from "../libvirt/render-domain.ts";
import { renderIssue } from "../model/issue.ts";
import type { Profile } from "../model/profile.ts";
import { parseProfile } from "../profile/parse.ts";
import { type Input, readInput } from "./read-input.ts";

interface Parsed {
  readonly profiles: readonly Profile[];
  readonly problems: readonly string[];
}

const parse = (input: Input): Parsed => {
  if (input.kind === "unreadable") {
    return {
      profiles: [],
      problems: [`${input.name}:1:1: error: cannot be read: ${input.why} [unreadable]`],
    };
  }
  const result = parseProfile(input.text);
  return result.ok
    ? { profiles: [result.value], problems: [] }
    : { profiles: [], problems: result.problems.map((issue) => renderIssue(input.name, issue)) };
};

/** Two guests of one name would be one file, and one domain. */
const sameName = (files: readonly string[], parsed: readonly Parsed[]): readonly string[] => {
  const first = new Map<string, string>();
  return parsed.flatMap(({ profiles }, index) =>
    profiles.flatMap(({ name }): readonly string[] => {
      const before = first.get(name);
      const file = files[index] ?? "";
      if (before === undefined) first.set(name, file);
      const message = `name: the guest "${name}" is already in ${before ?? ""}; use another name [duplicate]`;
      return before === undefined ? [] : [`${file}:1:1: error: ${message}`];
    }),
  );
};

/**
 * `genxml FILE...`: profiles in, domain XML out. Nothing is written unless all of them are good.
 *
 * @param out folder for one `NAME.xml` each, or null for standard output
 * @returns the exit code: 0, or 1 when a profile has errors
 */
export const domainCommand = async (files: readonly string[], out: string | null): Promise<0 | 1> => {
  const parsed = (await Promise.all(files.map(readInput))).map(parse);
  const problems = [...parsed.flatMap((one) => one.problems), ...sameName(files, parsed)];
  if (problems.length > 0) {
    process.stderr.write(`${problems.join("\n")}\n`);
    return 1;
  }
  const documents = parsed
    .flatMap((one) => one.profiles)
    .map((profile) => ({ name: profile.name, xml: renderDomain(profile, template) }));
  if (out === null) {
    for (const { xml } of documents) process.stdout.write(xml);
    return 0;
  }
  await mkdir(out, { recursive: true });
  for (const { name, xml } of documents) await writeFile(join(out, `${name}.xml`), xml);
  return 0;
};
