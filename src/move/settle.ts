import { desiredArrivingPort } from "../kernel/desired/arriving-port.ts";
import { desiredBridgePort } from "../kernel/desired/bridge-port.ts";
import type { BridgeNic } from "../guest/nic.ts";
import { commandText, type Tool } from "../kernel/facts/command.ts";
import { hostState } from "../kernel/facts/fact.ts";
import { GUARD_GROUP } from "../kernel/facts/port-group.ts";
import type { Settling } from "./settler.ts";
import { diff } from "../kernel/plan/diff.ts";
import { toPlan } from "../kernel/plan/plan.ts";
import { announcementOf } from "./announcement.ts";

const isLock = (line: string): boolean => line.startsWith("link set ");
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

/** The hook writes it to sysfs itself; here is no process to save. */
const groupLines = ({ tap, attachment: { policy } }: BridgeNic): readonly string[] =>
  policy.antispoof
    ? [`link set dev ${tap} group ${policy.guard === null ? "default" : String(GUARD_GROUP)}`]
    : [];

/** How ports become those of guests that were started here. A locked port needs its forwarding entries first. */
export const settlingOf = (nics: readonly BridgeNic[]): Settling => {
  const plan = nics.flatMap((nic) =>
    toPlan(diff(hostState(desiredBridgePort(nic).facts), hostState(desiredArrivingPort(nic).facts))),
  );
  const of = (wanted: Tool): readonly string[] => plan.filter(({ tool }) => tool === wanted).map(commandText);
  const announcements = nics.map(announcementOf).filter((one) => one !== null);
  return {
    taps: nics.map(({ tap }) => tap),
    bridge: text([...of("bridge")].sort((a, b) => Number(isLock(a)) - Number(isLock(b)))),
    ip: text([...nics.flatMap(groupLines), ...announcements.flatMap(({ end }) => end.ip)]),
    nft: text(of("nft")),
    tc: text(announcements.flatMap(({ end }) => end.tc)),
  };
};
