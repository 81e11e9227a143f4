import { randomBytes } from "node:crypto";
import { macsOf } from "../../../guest/nic.ts";
import type { Packet } from "../../../trace/packet.ts";
import type { Party } from "../../../trace/party.ts";
import { type Watched, watchedBy } from "../../../trace/probe/last-seen.ts";
import { pointsOf } from "../../../trace/probe/point.ts";
import { probeHost } from "../../../trace/probe/probe.ts";
import { wholeWay } from "../../../trace/trace.ts";
import type { Mac } from "../../../values/mac.ts";
import type { TracedHost } from "./find-guests.ts";

interface Way {
  readonly from: Party;
  readonly to: Party;
  readonly packet: Packet;
}

const macsAt = (party: Party): readonly Mac[] => (party.kind === "guest" ? macsOf(party.nic) : []);

/** What to do meanwhile: only the sender can send as the sender. */
const request = ({ from, to, packet: { protocol } }: Way, seconds: number): string => {
  const at = from.kind === "guest" ? from.name : from.address;
  const target = to.address ?? (to.kind === "guest" ? to.name : "");
  const what =
    protocol.name === "icmp"
      ? `ping ${target}`
      : `connect to ${target} ${protocol.name} ${String(protocol.port)}`;
  return `watching for ${String(seconds)} s: on ${at}, ${what}\n`;
};

/** Counts real packets and their answers on their way, on all of its hosts at the same time. */
export const watchWay = async (way: Way, hosts: readonly TracedHost[], seconds: number): Promise<Watched> => {
  const { from, to, packet } = way;
  const points = pointsOf(wholeWay(from, to, packet));
  const match = { packet, macs: { source: macsAt(from), destination: macsAt(to) } };
  const table = `guestnet-trace-${randomBytes(4).toString("hex")}`;
  process.stderr.write(request(way, seconds));
  const findings = await Promise.all(
    hosts.map(({ label, beside }) => {
      const own = points.filter(({ host }) => host === label);
      return probeHost({ host: label, points: own, match, seconds, table }, beside);
    }),
  );
  return watchedBy(seconds, points, findings);
};
