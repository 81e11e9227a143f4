import type { Party } from "../../../trace/party.ts";
import type { Watched } from "../../../trace/probe/last-seen.ts";
import type { Point } from "../../../trace/probe/point.ts";
import { resultOf } from "../../../trace/trace.ts";
import { hopText } from "./hop-text.ts";
import { placeOf } from "./check-text.ts";
import type { Traced } from "./traced.ts";

const partyJson = (party: Party): object =>
  party.kind === "guest"
    ? { kind: "guest", guest: party.name, host: party.host, nic: party.nic.tap, address: party.address }
    : { kind: party.kind, address: party.address };

const pointJson = ({ leg, host, dev }: Point): object => ({ leg, host, at: dev });

const watchJson = ({ seconds, counted, drops, missing, lastSeen, complete }: Watched): object => ({
  ...{ seconds, complete, lastSeen: lastSeen === null ? null : pointJson(lastSeen) },
  points: counted.map(({ packets, frames, dropped, ...point }) => ({
    ...pointJson(point),
    ...{ packets, frames, dropped },
  })),
  ...{ drops, missing },
});

const RESULTS = { 0: "passes", 1: "unknown", 2: "ends" } as const;

/** Returns the trace for programs. The shape is promised in docs/reference/guestnet.md: keys are added, never changed. */
export const renderTraceJson = (traced: Traced): string => {
  const { from, to, packet, hops, watched } = traced;
  const { protocol } = packet;
  const all = hops.map((hop) => {
    const { ok, text, fix, notEvaluated } = hopText(traced, hop);
    return {
      ...{ leg: hop.leg, host: hop.host, hop: hop.check.kind, at: placeOf(hop.check), ok },
      end: hop.verdict.kind === "ends" ? hop.verdict.end.kind : null,
      ...{ text, fix, notEvaluated },
    };
  });
  const json = {
    result: RESULTS[resultOf(hops)],
    from: partyJson(from),
    to: partyJson(to),
    packet: {
      family: packet.family,
      protocol: protocol.name,
      port: protocol.name === "icmp" ? null : protocol.port,
      size: packet.size,
    },
    ends: all.find(({ ok }) => ok === false) ?? null,
    hops: all,
    watch: watched === null ? null : watchJson(watched),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
};
