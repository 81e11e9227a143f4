import type { HostUri } from "../../../run/host-uri.ts";
import { type HostsStatus, lookAtHosts } from "../hosts/look-at-hosts.ts";
import { openHost } from "../hosts/open-host.ts";
import { keepShowing } from "./watch.ts";
import type { StatusOptions } from "./status.ts";
import { isGood } from "./host-status.ts";

export interface HostsOptions extends Omit<StatusOptions, "uri"> {
  readonly uris: readonly HostUri[];
  /** Seconds that each host may take. */
  readonly timeout: number;
}

const render = async (sight: HostsStatus, format: HostsOptions["format"]): Promise<string> => {
  switch (format) {
    case "json": {
      const { renderHostsJson } = await import("./hosts-json.ts");
      return renderHostsJson(sight);
    }
    case "prometheus": {
      const { renderHostMetrics, renderPrometheus } = await import("./prometheus.ts");
      const seen = sight.hosts.flatMap((asked) => (asked.kind === "seen" ? [asked] : []));
      return renderPrometheus(seen) + renderHostMetrics(sight);
    }
    case "table": {
      const { renderHostsTable } = await import("./hosts-table.ts");
      const colour = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
      return renderHostsTable(sight, { colour });
    }
  }
};

/** Whether all hosts answered, no guest is anywhere else than it belongs, and nothing is there twice. */
export const isGoodEverywhere = ({ hosts, clashes }: HostsStatus): boolean =>
  clashes.length === 0 && hosts.every((asked) => asked.kind === "seen" && isGood(asked.sight.survey));

/** `guestnet status` of several hosts. @returns the exit code: 0, or 1 when something is not as it should be, a silent host included; for Prometheus always 0 */
export const statusOfHosts = async (
  names: readonly string[],
  { uris, format, watch, timeout }: HostsOptions,
): Promise<0 | 1> => {
  const look = (): Promise<HostsStatus> =>
    lookAtHosts({ names, uris, ms: timeout * 1000, connect: openHost });
  if (watch !== null) return keepShowing(watch, async () => render(await look(), format));
  const sight = await look();
  process.stdout.write(await render(sight, format));
  return format === "prometheus" || isGoodEverywhere(sight) ? 0 : 1;
};
