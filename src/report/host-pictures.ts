import type { FleetReport, ReportedHost } from "./fleet-report.ts";
import { anchorOf } from "./host-link.ts";
import { asMarkup, type Markup, markup } from "./markup.ts";

/** The pictures of so many hosts are unfolded at first. */
const FEW = 3;

const BAD: ReadonlySet<string> = new Set(["drift", "blocked", "invalid"]);

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? "" : "s"}`;

/** Returns the picture of each host, below its name and counts. */
export const hostSections = ({ hosts, guests }: FleetReport): Markup => {
  const one = (host: ReportedHost, at: number): Markup => {
    const there = guests.filter((guest) => guest.host === host.name);
    const wrong = there.filter(({ state }) => BAD.has(state)).length;
    const remark =
      host.kind === "silent"
        ? markup`<span class="state silent">no answer</span>`
        : wrong === 0
          ? markup``
          : markup`<span class="state drift">${counted(wrong, "guest")} with drift</span>`;
    const content =
      host.kind === "silent"
        ? markup`<p>${host.why}</p>`
        : markup`<div class="picture" tabindex="0" role="group" aria-label="Picture of ${host.name}">${asMarkup(host.svg)}</div>`;
    const count = host.kind === "silent" ? "" : counted(there.length, "guest");
    return markup`<details id="${anchorOf(at)}"${asMarkup(hosts.length <= FEW ? " open" : "")}>
<summary><b>${host.name}</b> ${count} ${remark}</summary>
${content}
</details>
`;
  };
  return markup`<section id="hosts">
<h2>Hosts</h2>
${hosts.map(one)}</section>`;
};
