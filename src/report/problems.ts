import { groupBy } from "../values/group-by.ts";
import type { ReportFinding, FleetReport } from "./fleet-report.ts";
import { type LinkToHost } from "./host-link.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";

/** More than this are folded: what is below must be within reach. */
const MOST_LINES = 25;

const list = (items: readonly Markup[]): Markup =>
  markup`<ul>${items.map((item) => markup`<li>${item}</li>`)}</ul>`;

const folded = (items: readonly Markup[]): Markup =>
  items.length <= MOST_LINES
    ? list(items)
    : markup`${list(items.slice(0, MOST_LINES))}<details><summary>${items.length - MOST_LINES} more</summary>${list(items.slice(MOST_LINES))}</details>`;

interface ProblemGroup {
  readonly title: string;
  /** `note` needs no action. */
  readonly tone: "bad" | "note";
  readonly items: readonly Markup[];
}

const group = ({ title, tone, items }: ProblemGroup): Markup =>
  items.length === 0
    ? NOTHING
    : markup`<h3 class="${tone}">${title} <span>${items.length}</span></h3>\n${folded(items)}\n`;

const sentences = (texts: readonly string[]): readonly Markup[] => texts.map((text) => markup`${text}`);

/** Lines of one guest stand together. */
const byGuest = (findings: readonly ReportFinding[], link: LinkToHost): readonly Markup[] => {
  const guests = groupBy(findings, ({ host, guest }) => JSON.stringify([host, guest]));
  return [...guests.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const lines = all.map(({ nic, text }) => markup`<li>${nic === null ? "" : `${nic}: `}${text}</li>`);
    return [markup`<b>${first.guest}</b> on ${link(first.host)}<ul>${lines}</ul>`];
  });
};

/** Returns what needs attention: hosts that do not answer, conflicts, drift, and what differs from profiles. */
export const renderProblems = (report: FleetReport, link: LinkToHost): Markup => {
  const { hosts, findings, conflicts, moves, differences, errors } = report;
  const silent = hosts.flatMap((host) =>
    host.kind === "silent" ? [markup`${link(host.name)}: ${host.why}`] : [],
  );
  const of = (kind: ReportFinding["kind"]): readonly Markup[] =>
    byGuest(
      findings.filter((one) => one.kind === kind),
      link,
    );
  const groups: readonly ProblemGroup[] = [
    { title: "Hosts without an answer", tone: "bad", items: silent },
    { title: "Conflicts", tone: "bad", items: sentences(conflicts) },
    { title: "Drift", tone: "bad", items: of("drift") },
    { title: "Differences from profiles", tone: "bad", items: sentences(differences) },
    { title: "Errors in profiles", tone: "bad", items: sentences(errors) },
    { title: "Foreign MAC addresses", tone: "note", items: of("stranger") },
    { title: "Taps that are down", tone: "note", items: of("down") },
    { title: "Migrations", tone: "note", items: sentences(moves) },
  ];
  const isGood = groups.every(({ tone, items }) => tone === "note" || items.length === 0);
  return markup`<section id="problems">
<h2>Problems</h2>
${isGood ? markup`<p class="good">Every host answers. There is no drift and no conflict.</p>\n` : NOTHING}${groups.map(group)}</section>`;
};
