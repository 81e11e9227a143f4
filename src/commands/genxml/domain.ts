import { checkFleet } from "../../fleet/check.ts";
import { completeTemplate } from "../../libvirt/domain/complete-template.ts";
import { printDomain } from "../../libvirt/domain/template.ts";
import type { FileIssue } from "../../values/issue.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import type { Inputs } from "./input/inputs.ts";
import { withProgress } from "./progress.ts";
import { readFleet } from "./input/read-fleet.ts";
import {
  arrange,
  issueCount,
  issueOfFailure,
  renderJson,
  renderReport,
  type IssueOptions,
} from "./issue-report.ts";
import { findTemplates, type Ready } from "./input/find-templates.ts";
import { type Destination, targetOf, toDestination } from "../../files/destination.ts";
import { makeDirectory, writeChanged } from "../../files/write-file.ts";
import { isFailure } from "../../values/failure.ts";

/** Options of the command. */
export interface DomainOptions extends IssueOptions {
  /** The target of `-o`, or null for standard output. */
  readonly output: string | null;
  /** The host.json of all profiles, or null for the one beside each, if there is one. */
  readonly site: string | null;
  readonly libvirt: LibvirtVersion;
  /** Domain XML that all of them complete, or null for each profile's own. */
  readonly template: string | null;
}

interface WriteSummary {
  readonly written: number;
  readonly unchanged: number;
  /** Profiles whose domain XML was not written. */
  readonly unwritten: readonly string[];
  readonly issues: readonly FileIssue[];
}

/** Writes one file for each guest; others are written even if one cannot be. */
const writeAll = (
  guests: readonly Ready[],
  to: Exclude<Destination, { readonly kind: "stdout" }>,
  libvirt: LibvirtVersion,
  each: () => void,
): WriteSummary => {
  const count = { written: 0, unchanged: 0 };
  const issues: FileIssue[] = [];
  const unwritten: string[] = [];
  try {
    // Made only where there is something to write: an error in every profile leaves nothing behind.
    if (to.kind === "directory" && guests.length > 0) makeDirectory(to.path);
  } catch (error) {
    if (!isFailure(error)) throw error;
    const issue = issueOfFailure(to.path, "unwritable", error);
    return { ...count, unwritten: guests.map(({ file }) => file), issues: [issue] };
  }
  for (const { file, profile, template } of guests) {
    const target = targetOf(to, `${profile.name}.xml`);
    try {
      count[writeChanged(target, printDomain(template, completeTemplate(template, profile, libvirt)))] += 1;
    } catch (error) {
      if (!isFailure(error)) throw error;
      issues.push(issueOfFailure(target, "unwritable", error));
      unwritten.push(file);
    }
    each();
  }
  return { ...count, unwritten, issues };
};

/** `genxml FILE`: nothing is written if the profile has errors. `genxml DIRECTORY -o DIR`: the valid ones are. */
export const domainCommand = async (inputs: Inputs, options: DomainOptions): Promise<0 | 1> => {
  const { files, several: many } = inputs;
  const { output, site, libvirt } = options;
  const to = toDestination(output, many);
  const outcome = await withProgress(process.stderr, 2 * files.length, options, async (each) => {
    const { guests, issues } = await readFleet(inputs, site, each);
    const templates = await findTemplates(guests, options.template);
    const found = [...issues, ...templates.issues, ...checkFleet(templates.ready)];
    const all = arrange(found, files, options);
    const bad = new Set(all.flatMap(({ file, issue }) => (issue.severity === "error" ? [file] : [])));
    const ready = templates.ready.filter(({ file }) => !bad.has(file));
    if (to.kind === "stdout") {
      for (const { profile, template } of ready)
        process.stdout.write(printDomain(template, completeTemplate(template, profile, libvirt)));
      return { written: ready.length, unchanged: 0, unwritten: [], issues: all };
    }
    const done = writeAll(ready, to, libvirt, each);
    return { ...done, issues: [...all, ...done.issues] };
  });
  const { written, unchanged, unwritten, issues } = outcome;
  const wrong = issues.filter(({ issue }) => issue.severity === "error" && issue.code !== "unwritable");
  const failed = [...new Set([...wrong.map(({ file }) => file), ...unwritten])];
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
  return issueCount(issues, "error") > 0 ? 1 : 0;
};
