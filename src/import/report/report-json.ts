import { renderPath } from "../../values/issue.ts";
import type { Outcome } from "./outcome.ts";

/** The report on one guest for programs. The shape is promised in docs/xen.md: keys are added, never changed. */
export const toJson = (outcome: Outcome): object => ({
  file: outcome.file,
  name: outcome.profile.name,
  verdict: outcome.verdict,
  why: outcome.why,
  source: outcome.source,
  profile: outcome.profile,
  disks: outcome.renamed,
  unmappedBridges: outcome.unmapped,
  tasks: outcome.tasks.map(({ phase, text, weight }) => ({ phase, weight, text })),
  entries: outcome.entries.map(({ at, path, found, outcome: became, weight, text }) => ({
    ...at,
    path: renderPath(path),
    found,
    outcome: became,
    weight,
    text,
  })),
});
