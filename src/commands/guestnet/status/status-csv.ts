import type { HostsStatus } from "../hosts/look-at-hosts.ts";
import type { HostStatus } from "./host-status.ts";
import { COLUMNS, statusRows, type StatusRow } from "./status-rows.ts";

/** Returns a field in the quoting of RFC 4180. */
const field = (value: string | number | null): string => {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const renderCsv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => `${row.map(field).join(",")}\n`).join("");

const cells = ({ guest, nic, type, network, state, activity, sent, received }: StatusRow) => [
  ...[guest, nic, type, network, state, activity],
  ...[sent, received],
];

/** Returns the rows of `guestnet status` as CSV: the columns of the table, with bytes as numbers. */
export const renderStatusCsv = (status: HostStatus): string =>
  renderCsv([COLUMNS, ...statusRows(status).map(cells)]);

/** Returns the rows of several hosts as CSV; one that does not answer has a row of its own. */
export const renderHostsCsv = ({ hosts }: HostsStatus): string =>
  renderCsv([
    ["HOST", ...COLUMNS],
    ...hosts.flatMap((asked) =>
      asked.kind === "silent"
        ? [[asked.host, "", "", "", "", "no answer", "", "", ""]]
        : statusRows(asked.status).map((row) => [asked.host, ...cells(row)]),
    ),
  ]);
