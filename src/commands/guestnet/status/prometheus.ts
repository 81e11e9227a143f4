import { attachmentKind } from "../../../guest/attachment-kind.ts";
import { wrongWith } from "../../../survey/describe-drift.ts";
import type { SurveyedNic } from "../../../survey/survey.ts";
import { answering, type Traffic } from "../../../survey/traffic.ts";
import type { HostsStatus } from "../hosts/look-at-hosts.ts";
import type { HostStatus } from "./host-status.ts";

interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly value: (nic: SurveyedNic, traffic: Traffic) => number | null;
}

const METRICS: readonly Metric[] = [
  {
    name: "guestnet_nic_ok",
    type: "gauge",
    help: "1 when the NIC is as its guest's metadata wants it.",
    value: ({ state }) => (state.kind === "ok" || state.kind === "coming" ? 1 : 0),
  },
  {
    name: "guestnet_nic_differences",
    type: "gauge",
    help: "How many things are not as they should be.",
    value: ({ state }) => wrongWith(state).length,
  },
  {
    name: "guestnet_nic_heard",
    type: "gauge",
    help: "1 when the guest has been heard on the NIC and answers, as far as the host knows.",
    value: ({ nic }, traffic) => {
      const answer = answering(nic, traffic);
      return answer === "unknown" ? null : answer === "heard" || answer === "answers" ? 1 : 0;
    },
  },
  {
    name: "guestnet_nic_sent_bytes_total",
    type: "counter",
    help: "Bytes that the guest has sent.",
    value: ({ nic }, { counters }) => counters.get(nic.tap)?.sentBytes ?? null,
  },
  {
    name: "guestnet_nic_received_bytes_total",
    type: "counter",
    help: "Bytes that the guest was sent.",
    value: ({ nic }, { counters }) => counters.get(nic.tap)?.receivedBytes ?? null,
  },
  {
    name: "guestnet_nic_dropped_frames_total",
    type: "counter",
    help: "Frames for the guest that it did not fetch in time.",
    value: ({ nic }, { counters }) => counters.get(nic.tap)?.dropped ?? null,
  },
];

/** A label's value as the text format wants it (prometheus.io, "Text-based format"). */
const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"')}"`;

/** A look at a host, and what the host is called; null where only one is asked. */
export interface LabelledSight {
  readonly host: string | null;
  readonly sight: HostStatus;
}

const withHost = (host: string | null, labels: string): string =>
  host === null ? labels : `host=${quoted(host)},${labels}`;

/** The status for the node exporter's textfile collector. */
export const renderPrometheus = (sights: readonly LabelledSight[]): string => {
  const nics = sights.flatMap(({ host, sight: { survey, traffic } }) =>
    survey.guests.flatMap((guest) =>
      guest.kind === "read" ? guest.nics.map((nic) => ({ host, guest: guest.name, nic, traffic })) : [],
    ),
  );
  const lines = METRICS.flatMap(({ name, type, help, value }) => {
    const samples = nics.flatMap(({ host, guest, nic, traffic }) => {
      const number = value(nic, traffic);
      const { tap, attachment } = nic.nic;
      const kind = attachmentKind(attachment).describe(attachment);
      const labels = `guest=${quoted(guest)},nic=${quoted(tap)},kind=${quoted(kind)}`;
      return number === null ? [] : [`${name}{${withHost(host, labels)}} ${String(number)}`];
    });
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
  });
  const bad = "guestnet_guest_unreadable";
  const unreadable = sights.flatMap(({ host, sight: { survey } }) =>
    survey.guests.flatMap(({ kind, name }) =>
      kind === "unreadable" ? [`${bad}{${withHost(host, `guest=${quoted(name)}`)}} 1`] : [],
    ),
  );
  return `${[
    ...lines,
    `# HELP ${bad} 1 for a running guest whose metadata cannot be read.`,
    `# TYPE ${bad} gauge`,
    ...unreadable,
  ].join("\n")}\n`;
};

/** What only a look at several hosts knows: which answered, and how much clashes between their guests. */
export const renderHostMetrics = ({ hosts, clashes }: HostsStatus): string =>
  [
    "# HELP guestnet_host_up 1 for a host that answered.",
    "# TYPE guestnet_host_up gauge",
    ...hosts.map(({ host, kind }) => `guestnet_host_up{host=${quoted(host)}} ${kind === "seen" ? "1" : "0"}`),
    "# HELP guestnet_clashes How many things running guests have twice.",
    "# TYPE guestnet_clashes gauge",
    `guestnet_clashes ${String(clashes.length)}`,
    "",
  ].join("\n");
