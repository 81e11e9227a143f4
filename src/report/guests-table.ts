import { numberOf } from "../addresses/numbers.ts";
import { parseAddress } from "../values/address.ts";
import type { GuestState, ReportedGuest, ReportedNic } from "./fleet-report.ts";
import type { LinkToHost } from "./host-link.ts";
import { type Markup, markup } from "./markup.ts";

/** States in words, the most urgent first: the table sorts by this order. */
const STATES: Readonly<Record<GuestState, string>> = {
  ...{ invalid: "invalid", blocked: "blocked", drift: "drift", down: "down" },
  ...{ incoming: "incoming", ok: "ok", other: "no metadata" },
};
const RANKS = Object.keys(STATES);

const COLUMNS = ["Guest", "Host", "State", "Network", "Addresses", "Activity"] as const;

/** IPv4 before IPv6, each in the order of numbers; a network by its first address. */
const addressKey = (text: string): string => {
  const address = parseAddress(text.split("/", 1)[0] ?? "");
  return address === null ? text : numberOf(address).toString(16).padStart(32, "0");
};

/** @param key what the column is sorted by, if that is not its text */
const cell = (label: (typeof COLUMNS)[number], content: Markup, key?: string): Markup => {
  const sorted = key === undefined ? markup`` : markup` data-key="${key}"`;
  return markup`<td data-label="${label}"${sorted}>${content}</td>`;
};

const lines = (all: readonly Markup[]): Markup => markup`${all.map((line) => markup`<div>${line}</div>`)}`;

const network = ({ name, mac, network: on }: ReportedNic): Markup =>
  markup`${name}${on === "" ? "" : `: ${on}`}${mac === null || mac === name ? markup`` : markup` <small>${mac}</small>`}`;

const row = ({ name, host, state, nics }: ReportedGuest, link: LinkToHost): Markup => {
  const addresses = nics.flatMap((nic) => nic.addresses);
  const activities = [...new Set(nics.map(({ activity }) => activity))].filter((one) => one !== "");
  return markup`<tr>
<th scope="row" data-label="Guest">${name}</th>
${cell("Host", link(host))}
${cell("State", markup`<span class="state ${state}">${STATES[state]}</span>`, String(RANKS.indexOf(state)))}
${cell("Network", lines(nics.map(network)))}
${cell("Addresses", lines(addresses.map((one) => markup`${one}`)), addressKey(addresses[0] ?? ""))}
${cell("Activity", lines(activities.map((one) => markup`${one}`)))}
</tr>
`;
};

/** Returns the guests in a table, which the page's script searches and sorts. Without a script it is only a table. */
export const renderGuests = (
  guests: readonly ReportedGuest[],
  link: LinkToHost,
): Markup => markup`<section id="guests">
<h2>Guests</h2>
<p id="search" hidden><label>Search <input type="search" autocomplete="off" spellcheck="false" placeholder="name, host, VLAN, address, state"></label> <output></output></p>
<table class="guests">
<thead><tr>${COLUMNS.map((label) => markup`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>
${guests.map((guest) => row(guest, link))}</tbody>
</table>
</section>`;
