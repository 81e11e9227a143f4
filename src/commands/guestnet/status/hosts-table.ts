import pc from "picocolors";
import { describeConflict } from "../../../survey/conflicts.ts";
import { describeMove } from "../../../survey/moves.ts";
import { renderColumns, type TableRow } from "../columns.ts";
import type { Asked, HostsStatus } from "../hosts/look-at-hosts.ts";
import { headCells, linesBelow, othersLine, type Paint, statusTableRows } from "./status-table.ts";

/** Returns the rows of one host, with its name. A host that does not answer, or has no guest of guestnet, has one row. */
const rowsOf = (asked: Asked, paint: Paint): readonly TableRow[] => {
  const { host } = asked;
  const only = (text: string, colour: (text: string) => string): TableRow => ({
    kind: "cells",
    cells: [host, "", "", "", ""].map((cell) => ({ text: cell })).concat({ text, ...{ paint: colour } }),
  });
  if (asked.kind === "silent") return [only("no answer", paint.red), ...linesBelow([asked.why], paint.red)];
  const rows = statusTableRows(asked.status, paint).map((row): TableRow =>
    row.kind === "line" ? row : { kind: "cells", cells: [{ text: host }, ...row.cells] },
  );
  return rows.length > 0 ? rows : [only("no guests", paint.dim)];
};

/** Returns all hosts in one table, followed by migrations and conflicts. */
export const renderHostsTable = (
  { hosts, moves, conflicts }: HostsStatus,
  { colour }: { readonly colour: boolean },
): string => {
  const paint = pc.createColors(colour);
  const head: TableRow = { kind: "cells", cells: [{ text: "HOST", paint: paint.bold }, ...headCells(paint)] };
  const others = hosts.map((asked) =>
    asked.kind === "seen" ? othersLine(asked.status.survey.others, ` on ${asked.host}`) : "",
  );
  const moving = moves.map((move) => `${paint.yellow("moving")}: ${describeMove(move)}\n`);
  const told = conflicts.map((conflict) => `${paint.red("conflict")}: ${describeConflict(conflict)}\n`);
  return [
    renderColumns([head, ...hosts.flatMap((asked) => rowsOf(asked, paint))]),
    ...others,
    ...moving,
    ...told,
  ].join("");
};
