import pc from "picocolors";
import { attachmentKind } from "../../../guest/attachment-kind.ts";
import { describeUnmanaged, type UnmanagedNic } from "../../../guest/unmanaged-nic.ts";
import { activityOf, strangers } from "../../../survey/traffic.ts";
import { wrongWith } from "../../../survey/describe-drift.ts";
import type { SurveyedNic } from "../../../survey/survey.ts";
import { type Cell, renderColumns, type Row } from "../columns.ts";
import type { HostStatus } from "./host-status.ts";

/** Colours, or none. */
export type Paint = ReturnType<typeof pc.createColors>;

const HEAD = ["GUEST", "NIC", "TYPE", "NETWORK", "STATE", "ACTIVITY"];
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `1.5 MiB`: three digits say enough. */
export const renderBytes = (bytes: number): string => {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[power] ?? "B"}`;
};

/** The heading of the columns that {@link sightRows} fills. */
export const headCells = (paint: Paint): readonly Cell[] => [
  ...HEAD.map((text) => ({ text, paint: paint.bold })),
  ...["SENT", "RECEIVED"].map((text) => ({ text, paint: paint.bold, right: true })),
];

/** Returns lines below a row, painted. */
export const linesBelow = (lines: readonly string[], colourOf: (text: string) => string): readonly Row[] =>
  lines.map((line) => ({ kind: "line", text: `  ${colourOf(line)}` }));

const bytesCell = (count: number | undefined): Cell => ({
  text: count === undefined ? "" : renderBytes(count),
  right: true,
});

/** Returns a row for each NIC, followed by lines that say what is wrong with it. */
export const sightRows = ({ survey, traffic }: HostStatus, paint: Paint): readonly Row[] => {
  const STATES = {
    ...{ ok: paint.green, incoming: paint.yellow, down: paint.yellow },
    ...{ drift: paint.red, blocked: paint.red },
  } as const;
  const toRow = (plain: readonly string[], state: Cell, nic: SurveyedNic["nic"] | UnmanagedNic): Row => {
    const counted = traffic.counters.get(nic.tap ?? "");
    const bytes = [bytesCell(counted?.sentBytes), bytesCell(counted?.receivedBytes)];
    return {
      kind: "cells",
      cells: [...plain.map((text) => ({ text })), state, { text: activityOf(nic, traffic) }, ...bytes],
    };
  };
  const toUnmanagedRow = (name: string, nic: UnmanagedNic): Row => {
    const { kind, place } = describeUnmanaged(nic);
    return toRow([name, nic.tap ?? nic.mac, kind, place], { text: "unmanaged", paint: paint.dim }, nic);
  };
  const toRows = (name: string, { nic, state }: SurveyedNic): readonly Row[] => {
    const kind = attachmentKind(nic.attachment);
    const plain = [name, nic.tap, kind.describe(nic.attachment), kind.place(nic.attachment)];
    return [
      toRow(plain, { text: state.kind, paint: STATES[state.kind] }, nic),
      ...linesBelow(wrongWith(state), paint.red),
      ...linesBelow(
        strangers(nic, traffic).map((one) => `seen from another MAC address: ${one}`),
        paint.yellow,
      ),
    ];
  };
  return survey.guests.flatMap((guest): readonly Row[] => {
    if (guest.kind === "read") {
      const { unmanaged } = guest.domain;
      return [
        ...guest.nics.flatMap((nic) => toRows(guest.name, nic)),
        ...unmanaged.map((nic) => toUnmanagedRow(guest.name, nic)),
      ];
    }
    const empty = ["", "", ""].map((text) => ({ text }));
    const cells = [{ text: guest.name }, ...empty, { text: "invalid", paint: paint.red }];
    return [{ kind: "cells", cells }, ...linesBelow(guest.reasons, paint.red)];
  });
};

/** Returns a line with the guests that have no metadata of guestnet, or nothing. @param where ` on HOST`, where there are several */
export const othersLine = (others: readonly string[], where = ""): string => {
  const many = `${String(others.length)} running guest${others.length === 1 ? "" : "s"}${where}`;
  return others.length === 0 ? "" : `${many} without metadata of guestnet: ${others.join(", ")}\n`;
};

/** Returns the table of `guestnet status`. */
export const renderTable = (sight: HostStatus, { colour }: { readonly colour: boolean }): string => {
  const paint = pc.createColors(colour);
  const { guests, others } = sight.survey;
  const rows =
    guests.length === 0
      ? "no running guest has metadata of guestnet\n"
      : renderColumns([{ kind: "cells", cells: headCells(paint) }, ...sightRows(sight, paint)]);
  return rows + othersLine(others);
};
