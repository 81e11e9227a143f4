import type { Host } from "../../../kernel/host.ts";
import { shareAnswers } from "../../../survey/shared-answers.ts";
import { survey } from "../../../survey/survey.ts";
import { readTraffic } from "../../../survey/traffic.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { openThisHost, readGuests } from "../this-host.ts";
import { keepShowing } from "./watch.ts";
import { isGood, type HostStatus } from "./host-status.ts";

export interface StatusOptions {
  readonly uri: string;
  readonly format: "table" | "json" | "csv" | "prometheus";
  readonly color: ColourWhen;
  /** Seconds between two looks, or null for one look. */
  readonly watch: number | null;
}

const ALL_ENDS_MS = 30_000;

const lookOnce = async (names: readonly string[], uri: string): Promise<HostStatus> => {
  const { host, virsh } = openThisHost("status", uri, ALL_ENDS_MS);
  const domains = await readGuests(names, { virsh });
  return lookAt(domains, host);
};

const lookAt = async (domains: Parameters<typeof survey>[0], host: Host): Promise<HostStatus> => {
  const [seen, traffic] = await Promise.all([survey(domains, shareAnswers(host)), readTraffic(host.run)]);
  return { survey: seen, traffic };
};

const render = async (
  status: HostStatus,
  { format, color }: Pick<StatusOptions, "format" | "color">,
): Promise<string> => {
  switch (format) {
    case "json": {
      const { renderStatusJson } = await import("./status-json.ts");
      return renderStatusJson(status);
    }
    case "csv": {
      const { renderStatusCsv } = await import("./status-csv.ts");
      return renderStatusCsv(status);
    }
    case "prometheus": {
      const { renderPrometheus } = await import("./prometheus.ts");
      return renderPrometheus([{ host: null, status }]);
    }
    case "table": {
      const { renderTable } = await import("./status-table.ts");
      return renderTable(status, { colour: coloursStdout(color) });
    }
  }
};

/** `guestnet status`. @returns the exit code: 0, or 2 when a NIC or guest is not as wanted; for Prometheus always 0 */
export const statusCommand = async (
  names: readonly string[],
  { uri, watch, ...how }: StatusOptions,
): Promise<0 | 2> => {
  if (watch === null) {
    const status = await lookOnce(names, uri);
    process.stdout.write(await render(status, how));
    return how.format === "prometheus" || isGood(status.survey) ? 0 : 2;
  }
  return keepShowing(watch, async () => render(await lookOnce(names, uri), how));
};
