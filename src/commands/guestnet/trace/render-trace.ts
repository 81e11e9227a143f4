import pc from "picocolors";
import type { Hop } from "../../../trace/hop.ts";
import type { Party } from "../../../trace/party.ts";
import { resultOf } from "../../../trace/trace.ts";
import { HOP_NAMES } from "./check-text.ts";
import { hopText } from "./hop-text.ts";
import type { Traced } from "./traced.ts";
import { watchedLines } from "./watched-text.ts";

const partyText = (party: Party): string => {
  if (party.kind !== "guest") return party.address;
  const { name, nic, address } = party;
  return address === null ? `${name} (${nic.tap})` : `${name} (${nic.tap}, ${address})`;
};

const protocolText = ({ packet: { protocol } }: Traced): string =>
  protocol.name === "icmp" ? "ICMP echo" : `${protocol.name.toUpperCase()} port ${String(protocol.port)}`;

const LEGS: Readonly<Record<Hop["leg"], string>> = { there: "there", back: "and back" };

const WIDTH = Math.max(...Object.values(HOP_NAMES).map(({ length }) => length));

/** The last line: the result in one sentence. */
const sum = (traced: Traced): string => {
  switch (resultOf(traced.hops)) {
    case 0:
      return "the packet and its answer pass";
    case 1:
      return "it could not be found out: rules were not evaluated";
    case 2: {
      const last = traced.hops.at(-1);
      return `the ${last?.leg === "back" ? "answer" : "packet"} ends ${last?.host === null || last === undefined ? "on the network" : `on ${last.host}`}: ${HOP_NAMES[last?.check.kind ?? "wire"]}`;
    }
  }
};

/** Returns a line for each hop, and below the one where the packet ends the command that fixes it. */
export const renderTrace = (traced: Traced, { colour }: { readonly colour: boolean }): string => {
  const paint = pc.createColors(colour);
  const lines = [
    `${partyText(traced.from)} to ${partyText(traced.to)}: ${protocolText(traced)}, ${String(traced.packet.size)} bytes`,
  ];
  let before = "";
  for (const hop of traced.hops) {
    const heading = `${LEGS[hop.leg]}${hop.host === null ? "" : `, on ${hop.host}`}`;
    if (heading !== before && hop.host !== null) lines.push(`${heading}:`);
    if (hop.host !== null) before = heading;
    const { ok, text, fix, notEvaluated } = hopText(traced, hop);
    const sign = ok === null ? paint.yellow("?") : ok ? paint.green("✓") : paint.red("✗");
    lines.push(`  ${sign} ${HOP_NAMES[hop.check.kind].padEnd(WIDTH)}  ${text}`);
    const below = " ".repeat(WIDTH + 6);
    for (const rule of notEvaluated) lines.push(`${below}not evaluated: ${rule}`);
    if (fix !== null) lines.push(`${below}fix: ${fix}`);
  }
  const { watched } = traced;
  return `${[...lines, sum(traced), ...(watched === null ? [] : watchedLines(watched))].join("\n")}\n`;
};
