import type { Operation } from "../hook/event.ts";
import type { Arrival } from "./arrival.ts";
import { type BridgeNic, isRouted, type LiveGuest } from "../guest/nic.ts";
import type { Host } from "../kernel/host.ts";
import type { Uuid } from "../values/names.ts";
import { ARRIVING_GROUPS } from "../kernel/facts/port/port-group.ts";

/**
 * One file for each guest on its way here, named by its UUID. The hook's filter writes `migrate SECONDS` into it, the time since the host
 * has started. Once `prepare` has left a waiter there, it is `waiter PID`, until the guest's routes are as those of any other.
 */
export const markerOf = (uuid: Uuid): string => `/run/guestnet/incoming/${uuid}`;

/** libvirt calls `prepare` right after `migrate`; only other hooks come between. An older marker is of a move that came to nothing. */
const MIGRATE_IS_OLD_S = 60;

const readMarker = (uuid: Uuid, host: Host): readonly [kind: string, value: number] => {
  const [kind = "", value = ""] = (host.readFile(markerOf(uuid)) ?? "").split(" ");
  return [kind, Number(value)];
};

/** Returns at `prepare` whether the guest comes from another host. */
export const isComing = ({ uuid }: LiveGuest, host: Host): boolean => {
  const [kind, marked] = readMarker(uuid, host);
  if (kind !== "migrate") return false;
  const now = Number((host.readFile("/proc/uptime") ?? "").split(" ")[0]);
  return now - marked <= MIGRATE_IS_OLD_S;
};

/** Returns whether nothing has come from any routed tap: QEMU itself sends the first frame, when the guest begins to run (RARP). */
const isSilent = ({ nics }: LiveGuest, host: Host): boolean =>
  nics
    .filter(isRouted)
    .every(({ tap }) => host.readFile(`/sys/class/net/${tap}/statistics/rx_packets`) === "0");

/** Returns the state of a guest whose taps exist. The caller completes the work of a waiter that was killed. */
export const arrivalOf = (domain: LiveGuest, host: Host): Arrival => {
  const [kind, pid] = readMarker(domain.uuid, host);
  if (kind !== "waiter") return "here";
  if (isSilent(domain, host)) return "coming";
  const waits = host.readFile(`/proc/${String(pid)}/cmdline`)?.includes(domain.uuid) ?? false;
  return waits ? "moved" : "here";
};

const ARRIVING: ReadonlySet<string> = new Set(Object.values(ARRIVING_GROUPS).map(String));

/** Returns whether a port is as it was made for a guest's move, and no frame has come from it yet. */
const isWaiting = (tap: string, host: Host): boolean =>
  ARRIVING.has(host.readFile(`/sys/class/net/${tap}/netdev_group`) ?? "") &&
  host.readFile(`/sys/class/net/${tap}/statistics/rx_packets`) === "0";

/** Returns at `start` whether the guest comes from another host. With a routed NIC, `prepare` has put a waiter into the marker. */
export const comesAtStart = (domain: LiveGuest, host: Host): boolean =>
  isComing(domain, host) || arrivalOf(domain, host) === "coming";

/** Returns the state of a bridge NIC. The port itself records it from `start` on; at `release`, it may already be gone. */
export const portArrivalAt = (
  operation: Operation,
  { tap }: BridgeNic,
  domain: LiveGuest,
  host: Host,
): Arrival => {
  switch (operation) {
    case "prepare":
      return "here";
    case "start":
      return comesAtStart(domain, host) ? "coming" : "here";
    case "release":
      return readMarker(domain.uuid, host)[0] === "" ? "here" : "coming";
    case "reconnect":
      return isWaiting(tap, host) ? "coming" : "here";
  }
};
