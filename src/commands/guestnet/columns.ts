/** A cell of a table: its text, and how it is painted once it has its width. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
  readonly right?: boolean;
}

/** A line of cells, or one that runs over all columns and does not widen any. */
export type TableRow =
  | { readonly kind: "cells"; readonly cells: readonly Cell[] }
  | { readonly kind: "line"; readonly text: string };

const SPACE = "  ";

/** Rows below each other in columns as wide as their widest cell; the last cell of a row is not filled up. */
export const renderColumns = (rows: readonly TableRow[]): string => {
  const widths: number[] = [];
  for (const row of rows) {
    if (row.kind === "line") continue;
    for (const [at, { text }] of row.cells.entries()) widths[at] = Math.max(widths[at] ?? 0, text.length);
  }
  const print = (row: TableRow): string => {
    if (row.kind === "line") return `${row.text}\n`;
    const cells = row.cells.map(({ text, paint = (plain) => plain, right = false }, at) => {
      const space = " ".repeat((widths[at] ?? 0) - text.length);
      return right ? space + paint(text) : paint(text) + (at === row.cells.length - 1 ? "" : space);
    });
    return `${cells.join(SPACE)}\n`;
  };
  return rows.map(print).join("");
};
