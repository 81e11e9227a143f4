import { examine } from "../../../doctor/examine.ts";
import type { Finding } from "../../../doctor/finding.ts";
import { coloursStdout } from "../colour.ts";
import { type HostAnswer, type HostCode, onEachHost, worstOf } from "../hosts/each-host.ts";
import { readWanted } from "../host/planned-host.ts";
import { siteFindings } from "../host/site-findings.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import { type HostResult, hostsJson, linesOf, renderResults } from "../hosts/results-table.ts";
import type { Reporting } from "./doctor.ts";
import { readHost } from "./read-host.ts";
import { countOf, findingJson, renderFindings, sumOf } from "./render-findings.ts";

const renderJson = (answers: readonly HostAnswer<readonly Finding[]>[]): string => {
  const all = answers.flatMap((one) =>
    one.kind === "seen" ? one.value.map((finding) => ({ host: one.host, finding })) : [],
  );
  const numberOf = (kind: Finding["kind"]) => all.filter(({ finding }) => finding.kind === kind).length;
  const findings = all.map(({ host, finding }) => ({ host, ...findingJson(finding) }));
  const json = {
    errors: numberOf("error"),
    warnings: numberOf("warning"),
    hosts: hostsJson(answers),
    findings,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
};

/** `guestnet doctor` for several hosts. @returns the worst exit code of all */
export const doctorOfHosts = async ({
  json,
  verbose,
  color,
  site,
  ...hosts
}: ManyHosts & Reporting & { readonly site: string | null }): Promise<HostCode> => {
  const wanted = site === null ? undefined : await readWanted(site);
  if (wanted === null) return 1;
  const colour = coloursStdout(color);
  const answers = await onEachHost("doctor", hosts, (open) =>
    open.look(async (host) => {
      const looked = { host, run: host.run, ...open.by(host.run) };
      const findings = examine(await readHost(looked));
      if (wanted === undefined || site === null) return findings;
      return [...findings, ...(await siteFindings(site, wanted, { ...looked, readSysctl: host.readSysctl }))];
    }),
  );
  const resultOf = (findings: readonly Finding[]): HostResult => {
    const [errors, warnings] = [countOf(findings, "error"), countOf(findings, "warning")];
    const below = linesOf(renderFindings(findings, { verbose, colour })).filter((line) => line !== "");
    return { text: sumOf(findings), state: errors > 0 ? "bad" : warnings > 0 ? "todo" : "good", below };
  };
  process.stdout.write(json ? renderJson(answers) : renderResults(answers, resultOf, { colour }));
  return worstOf(answers, (findings) => (countOf(findings, "error") > 0 ? 2 : 0));
};
