import { answering, describeKind } from "../../survey/describe-nic.ts";
import { wrongWith } from "../../survey/differences.ts";
import type { SurveyedNic } from "../../survey/survey.ts";
import type { Traffic } from "../../survey/traffic.ts";
import type { Sight } from "./status.ts";

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
    value: ({ state }) => (state.kind === "ok" ? 1 : 0),
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

/** The status for the node exporter's textfile collector. */
export const renderPrometheus = ({ survey, traffic }: Sight): string => {
  const nics = survey.guests.flatMap((guest) =>
    guest.kind === "read" ? guest.nics.map((nic) => ({ guest: guest.name, nic })) : [],
  );
  const unreadable = survey.guests.filter(({ kind }) => kind === "unreadable");
  const lines = METRICS.flatMap(({ name, type, help, value }) => {
    const samples = nics.flatMap(({ guest, nic }) => {
      const number = value(nic, traffic);
      const labels = `guest=${quoted(guest)},nic=${quoted(nic.nic.tap)},kind=${quoted(describeKind(nic.nic))}`;
      return number === null ? [] : [`${name}{${labels}} ${String(number)}`];
    });
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
  });
  const bad = "guestnet_guest_unreadable";
  return `${[
    ...lines,
    `# HELP ${bad} 1 for a running guest whose metadata cannot be read.`,
    `# TYPE ${bad} gauge`,
    ...unreadable.map(({ name }) => `${bad}{guest=${quoted(name)}} 1`),
  ].join("\n")}\n`;
};
