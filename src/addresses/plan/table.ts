import { sizeOf } from "../numbers.ts";
import type { Segment } from "../book.ts";
import type { HeldAddress } from "./held.ts";
import { type AddressPlan, DELEGATED, type PlanEntry } from "./plan.ts";
import type { NetworkPlace } from "./planned.ts";

/** More than this is not counted by people. */
const COUNTABLE = sizeOf("ipv4", 0);

const countText = (count: bigint): string =>
  count <= COUNTABLE ? String(count) : Number(count).toExponential(1).replace("e+", "e");

/** `routed`, `VLAN 20 of br0 (servers)`. */
export const placeText = (place: NetworkPlace): string =>
  place.kind === "routed" ? "routed" : `VLAN ${String(place.vid)} of ${place.bridge} (${place.name})`;

/** `routed`, `VLAN 20 of br0`; null for a network that host.json does not describe. */
export const segmentText = (segment: Segment): string | null => {
  switch (segment.kind) {
    case "routed":
      return "routed";
    case "vlan":
      return `VLAN ${String(segment.vid)} of ${segment.bridge}`;
    case "other":
      return null;
  }
};

/** Who has it, and where: `dns1 dns1-0`, `host kvm1 br0.10`, `gateway`. */
const holderText = ({ by, sharing }: HeldAddress): readonly string[] => {
  switch (by.kind) {
    case "guest":
      return [
        by.guest.name,
        by.nic,
        sharing.kind === "own" ? "" : sharing.kind === "anycast" ? "anycast" : "shared",
      ];
    case "host":
      return [`host${by.host === null ? "" : ` ${by.host}`}`, by.device ?? "", ""];
    case "gateway":
      return ["gateway", "", ""];
  }
};

const isPlaced = (segment: Segment, places: readonly NetworkPlace[]): boolean =>
  segment.kind === "other" ||
  places.some(
    (place) =>
      place.kind === segment.kind &&
      (place.kind === "routed" ||
        (segment.kind === "vlan" && place.vid === segment.vid && place.bridge === segment.bridge)),
  );

/** What an address is in, where that is not what its network is for. */
const elsewhere = ({ by }: HeldAddress, places: readonly NetworkPlace[]): string =>
  by.kind === "guest" && !isPlaced(by.segment, places) ? (segmentText(by.segment) ?? "") : "";

/** Rows in columns below a heading. */
const rowsText = (rows: readonly (readonly string[])[]): string => {
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
};

const heldRow = (held: HeldAddress, places: readonly NetworkPlace[]): readonly string[] => [
  held.what,
  ...holderText(held),
  elsewhere(held, places),
];

/** Returns what is counted in a network: `12 used`, `244 free`, `next 192.0.2.7`. */
export const countsOf = ({ used, free, nextFree, networks }: PlanEntry): readonly string[] => [
  `${countText(used)} used`,
  `${countText(free)} free`,
  ...(nextFree === null ? [] : [`next ${nextFree}`]),
  ...(networks === null ? [] : [`${countText(networks.free)} networks of /${String(DELEGATED)} free`]),
  ...(typeof networks?.next === "string" ? [`next ${networks.next}`] : []),
];

/** Returns a row for each reserved range, network and address in a network: what it is, who has it, its NIC, and remarks. */
export const rowsOf = ({ reserved, inner, held, places }: PlanEntry): readonly (readonly string[])[] => [
  ...reserved.map(({ first, last }) => [first === last ? first : `${first}-${last}`, "reserved"]),
  ...inner.map((network) => [network, "network of its own"]),
  ...held.map((one) => heldRow(one, places)),
];

/** Returns such a row for each address outside of every network. */
export const outsideRows = ({ outside }: AddressPlan): readonly (readonly string[])[] =>
  outside.map((held) => heldRow(held, []));

const entryText = (entry: PlanEntry): string =>
  `${entry.prefix}  ${entry.places.map(placeText).join(", ")}: ${countsOf(entry).join(", ")}\n${rowsText(rowsOf(entry))}`;

/** Returns the plan for people: each network with its counts, and who has what in it. */
export const renderAddressPlan = (plan: AddressPlan): string => {
  const { entries } = plan;
  const parts = entries.map(entryText);
  const rows = outsideRows(plan);
  if (rows.length > 0) {
    parts.push(
      `${entries.length === 0 ? "no networks in host.json" : "outside of every network"}\n${rowsText(rows)}`,
    );
  }
  return parts.join("\n");
};
