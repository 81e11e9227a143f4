import pc from "picocolors";
import { answering, describeKind, describePlace, strangers } from "../../survey/describe-nic.ts";
import { wrongWith } from "../../survey/differences.ts";
import type { SurveyedGuest, SurveyedNic } from "../../survey/survey.ts";
import { type Cell, renderColumns, type Row } from "../columns.ts";
import type { Sight } from "./status.ts";

const HEAD = ["GUEST", "NIC", "KIND", "VLANS, ADDRESSES", "STATE", "GUEST IS"];
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `1.5 MiB`: three digits say enough. */
export const renderBytes = (bytes: number): string => {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[power] ?? "B"}`;
};

/** The answer to "is every guest where it belongs": a line for each NIC, and below it what is wrong. */
export const renderTable = ({ survey, traffic }: Sight, { colour }: { readonly colour: boolean }): string => {
  const paint = pc.createColors(colour);
  const STATES = { ok: paint.green, down: paint.yellow, drift: paint.red, refused: paint.red } as const;
  const below = (lines: readonly string[], colourOf: (text: string) => string): readonly Row[] =>
    lines.map((line) => ({ kind: "line", text: `  ${colourOf(line)}` }));
  const bytes = (count: number | undefined): Cell => ({
    text: count === undefined ? "" : renderBytes(count),
    right: true,
  });
  const toRows = (name: string, { nic, state }: SurveyedNic): readonly Row[] => {
    const counted = traffic.counters.get(nic.tap);
    const plain = [name, nic.tap, describeKind(nic), describePlace(nic)].map((text) => ({ text }));
    const cells = [
      ...plain,
      { text: state.kind, paint: STATES[state.kind] },
      { text: answering(nic, traffic) },
      bytes(counted?.sentBytes),
      bytes(counted?.receivedBytes),
    ];
    return [
      { kind: "cells", cells },
      ...below(wrongWith(state), paint.red),
      ...below(
        strangers(nic, traffic).map((one) => `heard from another: ${one}`),
        paint.yellow,
      ),
    ];
  };
  const guestRows = (guest: SurveyedGuest): readonly Row[] =>
    guest.kind === "read"
      ? guest.nics.flatMap((nic) => toRows(guest.name, nic))
      : [
          {
            kind: "cells",
            cells: [
              { text: guest.name },
              ...["", "", ""].map((text) => ({ text })),
              { text: "unreadable", paint: paint.red },
            ],
          },
          ...below(guest.reasons, paint.red),
        ];
  const head: Row = {
    kind: "cells",
    cells: [
      ...HEAD.map((text) => ({ text, paint: paint.bold })),
      ...["SENT", "RECEIVED"].map((text) => ({ text, paint: paint.bold, right: true })),
    ],
  };
  const { guests, others } = survey;
  const rows =
    guests.length === 0
      ? "no running guest has metadata of guestnet\n"
      : renderColumns([head, ...guests.flatMap(guestRows)]);
  const many = `${String(others.length)} running guest${others.length === 1 ? "" : "s"}`;
  return `${rows}${others.length === 0 ? "" : `${many} without metadata of guestnet: ${others.join(", ")}\n`}`;
};
