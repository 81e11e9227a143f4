/**
 * How far a guest is on its way to this host. One that moves here live is `coming` while it still runs on the other host:
 * libvirt makes all hook calls before the first byte of memory is copied. Then it has `moved`, and the other host goes on
 * announcing it until libvirt there has taken it away. `here` is every other guest, and a while later that one, too.
 * `withdrawn` is a NIC of a guest that is here, and does not answer on it: see answers.ts.
 */
export type Arrival = "here" | "withdrawn" | "coming" | "moved";

/**
 * Metric of the routes of an incoming guest: any route that a daemon has learned from the other host comes before it. FRR takes
 * the first byte of a metric for a distance (zebra, rt_netlink.c): this is 254, where 255 would be never.
 */
export const STANDBY_METRIC = 4_270_000_000;
/** Metric of the routes of a guest that has just moved: the daemons announce such a one as better than the other host does. */
export const MOVED_METRIC = 1;

/** The metric of a guest's route. @param normal what it has once the guest is here, which is better than `moved` only as 0 */
export const metricAt = (arrival: Arrival, normal: number): number =>
  ({ here: normal, withdrawn: normal, coming: STANDBY_METRIC, moved: MOVED_METRIC })[arrival];
