import { attachmentKind } from "../../../guest/attachment.ts";
import { wrongWith } from "../../../survey/describe-drift.ts";
import type { SurveyedNic } from "../../../survey/survey.ts";
import { activityOf, type Traffic } from "../../../survey/traffic.ts";
import type { HostsStatus } from "../hosts/look-at-hosts.ts";
import type { HostStatus } from "./host-status.ts";

interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  /** Returns the value and, for a metric that is always 1, the label with its word; null if unknown. */
  readonly sample: (nic: SurveyedNic, traffic: Traffic) => Sample | null;
}

interface Sample {
  readonly value: number;
  readonly label?: readonly [name: "state" | "activity", word: string];
}

const counter = (name: string, help: string, key: "sentBytes" | "receivedBytes" | "dropped"): Metric => ({
  ...{ name, type: "counter", help },
  sample: ({ nic }, { counters }) => {
    const value = counters.get(nic.tap)?.[key];
    return value === undefined ? null : { value };
  },
});

const METRICS: readonly Metric[] = [
  {
    name: "guestnet_nic_ok",
    type: "gauge",
    help: "1 when the state of the NIC is ok or incoming.",
    sample: ({ state }) => ({ value: state.kind === "ok" || state.kind === "incoming" ? 1 : 0 }),
  },
  {
    name: "guestnet_nic_state",
    type: "gauge",
    help: "1, with the state of the NIC as a label.",
    sample: ({ state }) => ({ value: 1, label: ["state", state.kind] }),
  },
  {
    name: "guestnet_nic_differences",
    type: "gauge",
    help: "Number of differences between the NIC and its guest's metadata.",
    sample: ({ state }) => ({ value: wrongWith(state).length }),
  },
  {
    name: "guestnet_nic_activity",
    type: "gauge",
    help: "1, with the activity of the guest on the NIC as a label.",
    sample: ({ nic }, traffic) => {
      const activity = activityOf(nic, traffic);
      return activity === "unknown" ? null : { value: 1, label: ["activity", activity] };
    },
  },
  counter("guestnet_nic_sent_bytes_total", "Bytes that the guest has sent.", "sentBytes"),
  counter("guestnet_nic_received_bytes_total", "Bytes that were sent to the guest.", "receivedBytes"),
  counter(
    "guestnet_nic_dropped_frames_total",
    "Frames to the guest that did not fit into the queue of its tap.",
    "dropped",
  ),
];

/** Returns a label's value, escaped (prometheus.io, "Text-based format"). */
const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"')}"`;

/** The state of a host, and the host's name; null if only one host is queried. */
export interface LabelledStatus {
  readonly host: string | null;
  readonly status: HostStatus;
}

const withHost = (host: string | null, labels: string): string =>
  host === null ? labels : `host=${quoted(host)},${labels}`;

/** Returns the status for the node exporter's textfile collector. */
export const renderPrometheus = (statuses: readonly LabelledStatus[]): string => {
  const nics = statuses.flatMap(({ host, status: { survey, traffic } }) =>
    survey.guests.flatMap((guest) =>
      guest.kind === "read" ? guest.nics.map((nic) => ({ host, guest: guest.name, nic, traffic })) : [],
    ),
  );
  const lines = METRICS.flatMap(({ name, type, help, sample }) => {
    const samples = nics.flatMap(({ host, guest, nic, traffic }) => {
      const one = sample(nic, traffic);
      if (one === null) return [];
      const { tap, attachment } = nic.nic;
      const attached = attachmentKind(attachment).describe(attachment);
      const labels = [["guest", guest], ["nic", tap], ["type", attached], ...(one.label ? [one.label] : [])]
        .map(([label = "", word = ""]) => `${label}=${quoted(word)}`)
        .join(",");
      return [`${name}{${withHost(host, labels)}} ${String(one.value)}`];
    });
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
  });
  const invalidName = "guestnet_guest_invalid";
  const invalid = statuses.flatMap(({ host, status: { survey } }) =>
    survey.guests.flatMap(({ kind, name }) =>
      kind === "invalid" ? [`${invalidName}{${withHost(host, `guest=${quoted(name)}`)}} 1`] : [],
    ),
  );
  return `${[
    ...lines,
    `# HELP ${invalidName} 1 for a running guest whose metadata cannot be read.`,
    `# TYPE ${invalidName} gauge`,
    ...invalid,
  ].join("\n")}\n`;
};

/** Returns metrics of several hosts together: which answered, and the number of conflicts. */
export const renderHostMetrics = ({ hosts, conflicts }: HostsStatus): string =>
  [
    "# HELP guestnet_host_up 1 for a host that answered.",
    "# TYPE guestnet_host_up gauge",
    ...hosts.map(({ host, kind }) => `guestnet_host_up{host=${quoted(host)}} ${kind === "seen" ? "1" : "0"}`),
    "# HELP guestnet_conflicts Number of conflicts between running guests.",
    "# TYPE guestnet_conflicts gauge",
    `guestnet_conflicts ${String(conflicts.length)}`,
    "",
  ].join("\n");
