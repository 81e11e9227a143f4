import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderDomain } from "../libvirt/render-domain.ts";
import { renderIssue } from "../model/issue.ts";
import type { LibvirtVersion } from "../model/libvirt-version.ts";
import type { Profile } from "../model/profile.ts";
import { parseProfile } from "../profile/parse.ts";
import { type HostFile, isHostFile, readHostFiles } from "./host-file.ts";
import { type Input, readInput } from "./read-input.ts";
import { templateFor } from "./template.ts";

interface Parsed {
  readonly profiles: readonly Profile[];
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
}

const parse = (input: Input, host: HostFile): Parsed => {
  if (input.kind === "unreadable") {
    const problem = `${input.name}:1:1: error: cannot be read: ${input.why} [unreadable]`;
    return { profiles: [], warnings: [], problems: [problem] };
  }
  const result = parseProfile(input.text, host.kind === "site" ? host.site : null);
  if (!result.ok) {
    // When host.json itself is wrong, that a name is not in it says nothing.
    const own = result.problems.filter(({ code }) => host.kind !== "wrong" || code !== "vlan-name");
    return { profiles: [], warnings: [], problems: own.map((issue) => renderIssue(input.name, issue)) };
  }
  const warnings = result.warnings.map((issue) => renderIssue(input.name, issue, "warning"));
  return { profiles: [result.value], warnings, problems: [] };
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

/** What `genxml FILE...` can be told. */
export interface DomainOptions {
  /** Folder for one `NAME.xml` each, or null for standard output. */
  readonly out: string | null;
  /** The host.json of all profiles, or null for the one beside each, if there is one. */
  readonly host: string | null;
  readonly libvirt: LibvirtVersion;
  /** Domain XML that all of them complete, or null for each profile's own. */
  readonly template: string | null;
}

/**
 * `genxml FILE...`: profiles in, domain XML out. Nothing is written unless all of them are good.
 *
 * @returns the exit code: 0, or 1 when a profile has errors
 */
export const domainCommand = async (all: readonly string[], options: DomainOptions): Promise<0 | 1> => {
  const { out, host, libvirt, template } = options;
  // `guests/*.json` takes in the host's file as well.
  const files = all.length === 1 ? all : all.filter((file) => !isHostFile(file));
  const hosts = await readHostFiles(files, host);
  const parsed = await Promise.all(
    files.map(async (file) => parse(await readInput(file), hosts.get(file) ?? { kind: "none" })),
  );
  const wrongHosts = [...new Set(hosts.values())].flatMap((one) =>
    one.kind === "wrong" ? one.problems : [],
  );
  const guests = await Promise.all(
    parsed.flatMap(({ profiles }, index) =>
      profiles.map(async (profile) => ({
        profile,
        read: await templateFor(profile, files[index] ?? "", template),
      })),
    ),
  );
  const faults = new Set(guests.flatMap(({ read }) => (read.ok ? [] : read.problems)));
  const wrong = parsed.flatMap((one) => one.problems);
  const problems = [...wrongHosts, ...wrong, ...sameName(files, parsed), ...faults];
  for (const warning of parsed.flatMap((one) => one.warnings)) process.stderr.write(`${warning}\n`);
  if (problems.length > 0) {
    process.stderr.write(`${problems.join("\n")}\n`);
    return 1;
  }
  const documents = guests.flatMap(({ profile, read }) =>
    read.ok ? [{ name: profile.name, xml: renderDomain(profile, read.value, libvirt) }] : [],
  );
  if (out === null) {
    for (const { xml } of documents) process.stdout.write(xml);
    return 0;
  }
  await mkdir(out, { recursive: true });
  for (const { name, xml } of documents) await writeFile(join(out, `${name}.xml`), xml);
  return 0;
};
