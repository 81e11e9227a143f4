import type { HostUri } from "../../../run/host-uri.ts";
import { coloursStdout } from "../colour.ts";
import { whileShowing } from "../progress.ts";
import { type HostsStatus, lookAtHosts } from "../hosts/look-at-hosts.ts";
import { openHost } from "../hosts/open-host.ts";
import { keepShowing } from "./watch.ts";
import type { StatusOptions } from "./status.ts";
import { isGood } from "./host-status.ts";

export interface HostsOptions extends Omit<StatusOptions, "uri"> {
  readonly uris: readonly HostUri[];
  /** Time limit for each host, in seconds. */
  readonly timeout: number;
}

const render = async (
  status: HostsStatus,
  { format, color }: Pick<HostsOptions, "format" | "color">,
): Promise<string> => {
  switch (format) {
    case "json": {
      const { renderHostsJson } = await import("./hosts-json.ts");
      return renderHostsJson(status);
    }
    case "csv": {
      const { renderHostsCsv } = await import("./status-csv.ts");
      return renderHostsCsv(status);
    }
    case "prometheus": {
      const { renderHostMetrics, renderPrometheus } = await import("./prometheus.ts");
      const seen = status.hosts.flatMap((asked) => (asked.kind === "seen" ? [asked] : []));
      return renderPrometheus(seen) + renderHostMetrics(status);
    }
    case "table": {
      const { renderHostsTable } = await import("./hosts-table.ts");
      return renderHostsTable(status, { colour: coloursStdout(color) });
    }
  }
};

/** Returns the exit code: 1 when a host did not answer, 2 when a NIC is not as wanted or guests conflict, 0 otherwise. */
export const exitCodeOf = ({ hosts, conflicts }: HostsStatus): 0 | 1 | 2 => {
  if (hosts.some(({ kind }) => kind === "silent")) return 1;
  const good = hosts.every((asked) => asked.kind === "seen" && isGood(asked.status.survey));
  return good && conflicts.length === 0 ? 0 : 2;
};

/** `guestnet status` of several hosts. @returns the exit code, for Prometheus always 0 */
export const statusOfHosts = async (
  names: readonly string[],
  { uris, watch, timeout, ...how }: HostsOptions,
): Promise<0 | 1 | 2> => {
  const look = (): Promise<HostsStatus> =>
    whileShowing(process.stderr, `0 of ${uris.length} hosts`, (show) =>
      lookAtHosts({
        ...{ what: "status", names, uris, ms: timeout * 1000, connect: openHost },
        beside: () => Promise.resolve(null),
        each: (done) => {
          show(`${done} of ${uris.length} hosts`);
        },
      }),
    );
  if (watch !== null) return keepShowing(watch, async () => render(await look(), how));
  const status = await look();
  process.stdout.write(await render(status, how));
  return how.format === "prometheus" ? 0 : exitCodeOf(status);
};
