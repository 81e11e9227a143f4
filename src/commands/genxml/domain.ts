import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { checkFleet } from "../../fleet/check.ts";
import { completeTemplate } from "../../libvirt/domain/complete-template.ts";
import { printDomain } from "../../libvirt/domain/print-domain.ts";
import type { FileIssue } from "../../values/issue.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import { whyNot } from "./read-input.ts";
import type { Inputs } from "./inputs.ts";
import { withProgress } from "./progress.ts";
import { readFleet } from "./read-fleet.ts";
import { arrange, countOf, issueOfFile, renderJson, renderReport, type ReportOptions } from "./report.ts";
import { findTemplates, type Ready } from "./find-templates.ts";
import { writeChanged } from "./write-changed.ts";

/** Options of the command. */
export interface DomainOptions extends ReportOptions {
  /** Folder for one `NAME.xml` each, or null for standard output. */
  readonly output: string | null;
  /** The host.json of all profiles, or null for the one beside each, if there is one. */
  readonly host: string | null;
  readonly libvirt: LibvirtVersion;
  /** Domain XML that all of them complete, or null for each profile's own. */
  readonly template: string | null;
}

interface Outcome {
  readonly written: number;
  readonly unchanged: number;
  readonly issues: readonly FileIssue[];
}

/** Writes one file for each guest; one that cannot be written keeps no other from it. */
const writeAll = (
  guests: readonly Ready[],
  folder: string,
  libvirt: LibvirtVersion,
  each: () => void,
): Outcome => {
  const count = { written: 0, unchanged: 0 };
  const issues: FileIssue[] = [];
  const fresh = new Set([folder]);
  for (const { file, profile, template } of guests) {
    const target = join(folder, `${profile.name}.xml`);
    const xml = printDomain(template, completeTemplate(template, profile, libvirt));
    try {
      // Made only now: where every profile is bad, nothing is left behind.
      if (fresh.size > 0) mkdirSync(folder, { recursive: true });
      fresh.clear();
      count[writeChanged(target, xml)] += 1;
    } catch (error) {
      issues.push(issueOfFile(file, "unwritable", `${target} cannot be written: ${whyNot(error)}`));
    }
    each();
  }
  return { ...count, issues };
};

/** `genxml FILE`: nothing is written if the profile has errors. `genxml FOLDER -o DIR`: the good ones are. */
export const domainCommand = async (inputs: Inputs, options: DomainOptions): Promise<0 | 1> => {
  const { files, hasFolder } = inputs;
  const { output, host, libvirt } = options;
  const many = hasFolder || files.length > 1;
  const outcome = await withProgress(process.stderr, 2 * files.length, options, async (each) => {
    const { guests, issues } = await readFleet(inputs, host, each);
    const templates = await findTemplates(guests, options.template);
    const found = [...issues, ...templates.issues, ...checkFleet(templates.ready)];
    const all = arrange(found, files, options);
    const bad = new Set(all.flatMap(({ file, issue }) => (issue.severity === "error" ? [file] : [])));
    const ready = templates.ready.filter(({ file }) => !bad.has(file));
    if (output === null) {
      for (const { profile, template } of ready)
        process.stdout.write(printDomain(template, completeTemplate(template, profile, libvirt)));
      return { written: ready.length, unchanged: 0, issues: all };
    }
    const done = writeAll(ready, output, libvirt, each);
    return { ...done, issues: [...all, ...done.issues] };
  });
  const { written, unchanged, issues } = outcome;
  const failed = [
    ...new Set(issues.flatMap(({ file, issue }) => (issue.severity === "error" ? [file] : []))),
  ];
  if (options.json) {
    process.stderr.write(renderJson(issues, options, { files: files.length, written, unchanged, failed }));
  } else {
    process.stderr.write(renderReport(issues, options));
    if (many && !options.quiet) {
      process.stderr.write(
        `${output ?? ""}: ${written} written, ${unchanged} unchanged, ${failed.length} failed\n`,
      );
    }
    if (many && failed.length > 0) process.stderr.write(`failed: ${failed.join(", ")}\n`);
  }
  return countOf(issues, "error") > 0 ? 1 : 0;
};
