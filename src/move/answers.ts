import { messageOf } from "../values/error-text.ts";
import { nextJob } from "../values/in-job.ts";
import { familyOf, toHostPrefix } from "../values/address.ts";
import type { Uuid } from "../values/names.ts";
import { tableWords } from "../values/route-table.ts";
import type { Operation } from "../hook/event.ts";
import { isRouted, type LiveGuest, type Nic, type RoutedNic } from "../guest/nic.ts";
import { desiredRoutedNic } from "../kernel/desired/routed-nic.ts";
import { commandText } from "../kernel/facts/command.ts";
import { hostState } from "../kernel/facts/fact.ts";
import { WITHDRAWN_PROTOCOL } from "../kernel/facts/route/route.ts";
import type { Host } from "../kernel/host.ts";
import { diff } from "../kernel/plan/diff.ts";
import { toPlan } from "../kernel/plan/plan.ts";
import { type Arrival, STANDBY_METRIC } from "./arrival.ts";
import { markerOf } from "./marker.ts";
import { type MovingHost, watched } from "./moving-host.ts";
import { withoutHop } from "./promote.ts";

/** The state of a watched NIC: `INDEX PID yes|no`. hooks/watch.sh writes it. The index tells the tap from a later one of its name. */
export const answersFile = (tap: string): string => `/run/guestnet/answers/${tap}`;

interface Watch {
  readonly pid: string;
  readonly answers: boolean;
}

/** Returns the state of a NIC that is watched; null where none is, or where it was an earlier tap. */
const readWatch = (tap: string, host: Host): Watch | null => {
  const [index, pid = "", answers] = (host.readFile(answersFile(tap)) ?? "").split(" ");
  if (index === "" || index !== host.readFile(`/sys/class/net/${tap}/ifindex`)) return null;
  return { pid, answers: answers === "yes" };
};

/**
 * Returns the state of a routed NIC. A guest that starts does not answer yet. One that nothing watches keeps its routes: it is as good as
 * any other with anycast.
 *
 * @param arrival that of its guest
 */
export const routedArrivalAt = (operation: Operation, nic: Nic, arrival: Arrival, host: Host): Arrival => {
  if (!isRouted(nic) || nic.attachment.anycast !== "answers" || arrival !== "here") return arrival;
  const isAway = operation === "prepare" || readWatch(nic.tap, host)?.answers === false;
  return isAway ? "withdrawn" : "here";
};

/** Lines for `ip -batch`. */
export interface WatchLines {
  readonly announce: string;
  readonly withdraw: string;
  /** Prints something if the guest has answered since the last time, and asks it again. */
  readonly ask: string;
}

const routesAt = (nic: RoutedNic, guest: Uuid, arrival: Arrival) =>
  hostState(
    desiredRoutedNic(nic, guest, arrival)
      .facts.filter(({ kind }) => kind === "route")
      .map(withoutHop),
  );

/** Returns what the process that watches a NIC runs. */
export const watchLines = (nic: RoutedNic, guest: Uuid): WatchLines => {
  const { tap, mac, attachment } = nic;
  const { addresses, table } = attachment;
  const all = desiredRoutedNic(nic, guest, "here").facts.filter(({ kind }) => kind === "route");
  const planned = (plan: ReturnType<typeof toPlan>): readonly string[] => plan.map(commandText);
  const kept = addresses
    .filter((address) => familyOf(address) === "ipv6")
    .map(
      (address) =>
        `${toHostPrefix(address)} dev ${tap} proto ${String(WITHDRAWN_PROTOCOL)} metric ${String(STANDBY_METRIC)}${tableWords(table)}`,
    );
  const none = hostState([]);
  return {
    announce: [
      ...planned(toPlan(diff(hostState(all), none))),
      ...kept.map((words) => `route del ${words}`),
    ].join("\n"),
    withdraw: [
      ...kept.map((words) => `route append ${words}`),
      ...planned(toPlan(diff(none, routesAt(nic, guest, "here")))),
    ].join("\n"),
    ask: addresses
      .flatMap((address) => [
        `neigh show dev ${tap} to ${address} nud reachable`,
        // A neighbour that is probed is asked at once (neigh_update).
        `neigh replace ${address} dev ${tap} lladdr ${mac} nud probe`,
      ])
      .join("\n"),
  };
};

const leaveWatcher = async (
  nic: RoutedNic,
  { name, uuid }: LiveGuest,
  answers: "yes" | "no",
  marker: string,
  host: MovingHost,
): Promise<readonly string[]> => {
  await nextJob();
  const { announce, withdraw, ask } = watchLines(nic, uuid);
  const words = [name, "watch", answersFile(nic.tap), answers, marker, announce, withdraw, ask];
  try {
    await host.leave([...words, watched(nic.tap, host)]);
    return [];
  } catch (error) {
    const why = messageOf(error);
    return [`the routes of ${nic.tap} do not depend on its answers: ${why}`];
  }
};

const watchedNics = ({ nics }: LiveGuest): readonly RoutedNic[] =>
  nics.filter(isRouted).filter(({ attachment }) => attachment.anycast === "answers");

/**
 * Leaves a process behind for each NIC whose routes depend on the guest's answers, after `prepare` has made its tap: hooks/watch.sh.
 *
 * @param coming whether the guest moves here: its routes are those of any such guest until it is here
 * @returns what an operator should know
 */
export const watchAnswers = async (
  domain: LiveGuest,
  coming: boolean,
  host: MovingHost,
): Promise<readonly string[]> => {
  const notes: string[] = [];
  const [answers, marker] = coming ? (["yes", markerOf(domain.uuid)] as const) : (["no", ""] as const);
  for (const nic of watchedNics(domain))
    notes.push(...(await leaveWatcher(nic, domain, answers, marker, host)));
  return notes;
};

/** Watches NICs again whose process has ended. @returns what an operator should know */
export const watchAgain = async (domain: LiveGuest, host: MovingHost): Promise<readonly string[]> => {
  const notes: string[] = [];
  for (const nic of watchedNics(domain)) {
    const watch = readWatch(nic.tap, host);
    const runs =
      watch !== null &&
      (host.readFile(`/proc/${watch.pid}/cmdline`)?.includes(answersFile(nic.tap)) ?? false);
    if (runs) continue;
    const answers = watch?.answers === false ? "no" : "yes";
    notes.push(...(await leaveWatcher(nic, domain, answers, markerOf(domain.uuid), host)));
  }
  return notes;
};
