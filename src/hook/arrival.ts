import type { Arrival } from "../model/arrival.ts";
import { isRouted, type LiveDomain } from "../model/guest.ts";
import type { Host } from "../model/host.ts";
import type { Uuid } from "../model/names.ts";

/**
 * One file for each guest on its way here, named by its UUID. The hook's head writes `migrate SECONDS` into it, the time since the host
 * has started; once `prepare` has left a waiter there, it says `waiter PID`, until the guest's routes are as those of any other.
 */
export const markerOf = (uuid: Uuid): string => `/run/guestnet/incoming/${uuid}`;

/** libvirt calls `prepare` right after `migrate`; only other hooks come between. An older marker is of a move that came to nothing. */
const MIGRATE_IS_OLD_S = 60;

const readMarker = (uuid: Uuid, host: Host): readonly [kind: string, value: number] => {
  const [kind = "", value = ""] = (host.readFile(markerOf(uuid)) ?? "").split(" ");
  return [kind, Number(value)];
};

/** Whether the guest that `prepare` is called for comes from another host. */
export const isComing = ({ uuid }: LiveDomain, host: Host): boolean => {
  const [kind, marked] = readMarker(uuid, host);
  const now = Number((host.readFile("/proc/uptime") ?? "").split(" ")[0]);
  return kind === "migrate" && now - marked <= MIGRATE_IS_OLD_S;
};

/** Whether nothing has come from any routed tap: QEMU itself sends the first frame, when the guest begins to run (RARP). */
const isSilent = ({ nics }: LiveDomain, host: Host): boolean =>
  nics
    .filter(isRouted)
    .every(({ tap }) => host.readFile(`/sys/class/net/${tap}/statistics/rx_packets`) === "0");

/** How far a guest is whose taps are there. What a waiter that is gone had still to do is to be done by whoever asks. */
export const arrivalOf = (domain: LiveDomain, host: Host): Arrival => {
  const [kind, pid] = readMarker(domain.uuid, host);
  if (kind !== "waiter") return "here";
  if (isSilent(domain, host)) return "coming";
  const waits = host.readFile(`/proc/${String(pid)}/cmdline`)?.includes(domain.uuid) ?? false;
  return waits ? "moved" : "here";
};
