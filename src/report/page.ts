import { createHash } from "node:crypto";
import { SVG_STYLE } from "../diagram/svg.ts";
import { dateText } from "../values/date-text.ts";
import { renderAddresses } from "./address-tables.ts";
import type { FleetReport } from "./fleet-report.ts";
import { renderGuests } from "./guests-table.ts";
import { hostLinks } from "./host-link.ts";
import { hostSections } from "./host-pictures.ts";
import { asMarkup, type Markup, markup, NOTHING } from "./markup.ts";
import style from "./page.css";
import { renderProblems } from "./problems.ts";
import script from "./table.browser.js";

const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Only the styles and the script of this program count, by their digests (CSP3, 6.7.2). Nothing is loaded. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hash(style)} ${hash(SVG_STYLE)}`,
  `script-src ${hash(script)}`,
  // The icon is empty: a browser would ask the server for one.
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const count = (number: number, what: string, bad = false): Markup =>
  markup`<div${bad && number > 0 ? markup` class="bad"` : NOTHING}><dt>${what}</dt><dd>${number}</dd></div>`;

/** Returns the page: one file that loads nothing, the same for the same report. */
export const renderPage = (report: FleetReport): string => {
  const { hosts, guests, findings, conflicts, made, plan } = report;
  const link = hostLinks(hosts);
  const drifted = new Set(
    findings.flatMap(({ kind, host, guest }) => (kind === "drift" ? [JSON.stringify([host, guest])] : [])),
  );
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Guests and their networks</title>
<style>${asMarkup(style)}</style>
</head>
<body>
<header>
<h1>Guests and their networks</h1>
<p>Made on <time datetime="${made.toISOString()}">${dateText(made)}</time> by guestnet</p>
<dl>
${count(hosts.length, "hosts")}
${count(hosts.filter(({ kind }) => kind === "silent").length, "without an answer", true)}
${count(guests.length, "guests")}
${count(drifted.size, "with drift", true)}
${count(conflicts.length, "conflicts", true)}
</dl>
<nav><a href="#problems">Problems</a> <a href="#guests">Guests</a> <a href="#hosts">Hosts</a>${plan === null ? NOTHING : markup` <a href="#addresses">Address plan</a>`}</nav>
</header>
<main>
${renderProblems(report, link)}
${renderGuests(guests, link)}
${hostSections(report)}
${plan === null ? NOTHING : renderAddresses(plan)}
</main>
<script>${asMarkup(script)}</script>
</body>
</html>
`.html;
};
