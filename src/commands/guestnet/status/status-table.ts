import pc from "picocolors";
import { type Cell, renderColumns, type TableRow } from "../columns.ts";
import type { HostStatus } from "./host-status.ts";
import { COLUMNS, type RowState, statusRows } from "./status-rows.ts";

/** Colours, or none. */
export type Paint = ReturnType<typeof pc.createColors>;

/** Columns of numbers. */
const RIGHT: readonly string[] = ["SENT", "RECEIVED"];
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Returns bytes in three digits: `1.5 MiB`. */
export const renderBytes = (bytes: number): string => {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[power] ?? "B"}`;
};

/** The headings of {@link statusTableRows}. */
export const headCells = (paint: Paint): readonly Cell[] =>
  COLUMNS.map((text) => ({ text, paint: paint.bold, right: RIGHT.includes(text) }));

/** Returns lines below a row, painted. */
export const linesBelow = (
  lines: readonly string[],
  colourOf: (text: string) => string,
): readonly TableRow[] => lines.map((line) => ({ kind: "line", text: `  ${colourOf(line)}` }));

const bytesCell = (count: number | null): Cell => ({
  text: count === null ? "" : renderBytes(count),
  right: true,
});

/** Returns a row for each NIC, followed by its differences. */
export const statusTableRows = (status: HostStatus, paint: Paint): readonly TableRow[] => {
  const STATES: Readonly<Record<RowState, (text: string) => string>> = {
    ...{ ok: paint.green, incoming: paint.yellow, down: paint.yellow, unmanaged: paint.dim },
    ...{ drift: paint.red, blocked: paint.red, invalid: paint.red },
  };
  return statusRows(status).flatMap((row): readonly TableRow[] => [
    {
      kind: "cells",
      cells: [
        ...[row.guest, row.nic, row.type, row.network].map((text) => ({ text })),
        { text: row.state, paint: STATES[row.state] },
        // A guest with invalid metadata has no other cells.
        ...(row.state === "invalid"
          ? []
          : [{ text: row.activity }, bytesCell(row.sent), bytesCell(row.received)]),
      ],
    },
    ...linesBelow(row.wrong, paint.red),
    ...linesBelow(
      row.strangers.map((one) => `seen from another MAC address: ${one}`),
      paint.yellow,
    ),
  ]);
};

/** Returns a line with the guests that have no metadata of guestnet, or nothing. @param where ` on HOST`, where there are several */
export const othersLine = (others: readonly string[], where = ""): string => {
  const many = `${String(others.length)} running guest${others.length === 1 ? "" : "s"}${where}`;
  return others.length === 0 ? "" : `${many} without metadata of guestnet: ${others.join(", ")}\n`;
};

/** Returns the table of `guestnet status`. */
export const renderTable = (status: HostStatus, { colour }: { readonly colour: boolean }): string => {
  const paint = pc.createColors(colour);
  const { guests, others } = status.survey;
  const rows =
    guests.length === 0
      ? "no running guest has metadata of guestnet\n"
      : renderColumns([{ kind: "cells", cells: headCells(paint) }, ...statusTableRows(status, paint)]);
  return rows + othersLine(others);
};
