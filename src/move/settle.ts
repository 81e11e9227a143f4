import { nextJob } from "../values/in-job.ts";
import { desiredBridgePort } from "../kernel/desired/bridge-port.ts";
import { desiredArrivingPort, desiredEvpnPort } from "../kernel/desired/learning-port.ts";
import type { BridgeNic } from "../guest/nic.ts";
import { commandText, type Tool } from "../kernel/facts/command.ts";
import { subjectOf } from "../kernel/facts/change.ts";
import { type Fact, hostState } from "../kernel/facts/fact.ts";
import type { Step } from "../kernel/facts/step.ts";
import type { IfName } from "../values/names.ts";
import { diff } from "../kernel/plan/diff.ts";
import { toPlan } from "../kernel/plan/plan.ts";
import { announcementOf } from "./announce.ts";
import { type MovingHost, watched } from "./moving-host.ts";

/** Work that remains once an incoming guest runs here: a text for each tool, made before the wait. */
export interface Settling {
  readonly taps: readonly IfName[];
  /** At once: the neighbours here send to the port in all its VLANs. */
  readonly bridge: string;
  /** A while later, when QEMU has announced the guest for the last time: the port is as that of any other guest. */
  readonly tc: string;
  readonly ip: string;
  readonly nft: string;
}

/** Returns whether a step sets flags of the port, of which a lock is one. */
const setsFlags = ({ purpose }: Step): boolean =>
  purpose.kind === "changes" && purpose.changes.some((change) => subjectOf(change).kind === "port-flag");

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

/** What a port of a guest that moved here becomes. */
const desiredHere = (nic: BridgeNic, evpn: boolean): readonly Fact[] =>
  (evpn ? desiredEvpnPort(nic) : desiredBridgePort(nic)).facts;

/** The hook writes it to sysfs itself; here a process costs nothing. */
const groupLines = (nic: BridgeNic, evpn: boolean): readonly string[] => {
  const groups = desiredHere(nic, evpn).flatMap((fact) => (fact.kind === "port-group" ? [fact.group] : []));
  return nic.attachment.policy.antispoof
    ? [`link set dev ${nic.tap} group ${String(groups[0] ?? "default")}`]
    : [];
};

/**
 * With EVPN the bridge has learned the guest's address from QEMU's announcement, in one VLAN. As if it had in all, a BGP daemon
 * announces the guest in all of them; without `vlan` the kernel makes an entry for each VLAN of the port.
 */
const learnedLines = (nic: BridgeNic, evpn: boolean): readonly string[] =>
  evpn && nic.attachment.policy.antispoof ? [`fdb replace ${nic.mac} dev ${nic.tap} master dynamic`] : [];

/**
 * Returns how to complete the ports of guests that were started here. A locked port needs its forwarding entries first.
 *
 * @param isEvpn whether a daemon finds the addresses behind other hosts for the NIC's bridge
 */
export const settlingOf = (nics: readonly BridgeNic[], isEvpn: (nic: BridgeNic) => boolean): Settling => {
  const ports = nics.map((nic) => ({ nic, evpn: isEvpn(nic) }));
  const plan = ports.flatMap(({ nic, evpn }) =>
    toPlan(diff(hostState(desiredHere(nic, evpn)), hostState(desiredArrivingPort(nic, evpn).facts))),
  );
  const of = (wanted: Tool): readonly Step[] => plan.filter(({ tool }) => tool === wanted);
  const announcements = nics.map(announcementOf).filter((one) => one !== null);
  return {
    taps: nics.map(({ tap }) => tap),
    bridge: text([
      ...[...of("bridge")].sort((a, b) => Number(setsFlags(a)) - Number(setsFlags(b))).map(commandText),
      ...ports.flatMap(({ nic, evpn }) => learnedLines(nic, evpn)),
    ]),
    ip: text([
      ...ports.flatMap(({ nic, evpn }) => groupLines(nic, evpn)),
      ...announcements.flatMap(({ end }) => end.ip),
    ]),
    nft: text(of("nft").map(commandText)),
    tc: text(announcements.flatMap(({ end }) => end.tc)),
  };
};

/**
 * Leaves a process behind that gives the ports their last settings once the guest runs here: hooks/settle.sh. Rejects where that fails.
 *
 * @param marker a file to remove once nothing is left to do, or "" where another process does
 */
export const leaveSettler = async (
  guest: string,
  marker: string,
  { taps, bridge, tc, ip, nft }: Settling,
  host: MovingHost,
): Promise<void> => {
  await nextJob();
  const words = [guest, "settle", marker, bridge, tc, ip, nft];
  await host.leave([...words, ...taps.map((tap) => watched(tap, host))]);
};
