import { subjectOf } from "../../../kernel/facts/change.ts";
import type { Nic } from "../../../guest/nic.ts";
import { renderVidSet } from "../../../values/vid.ts";
import { describeUnmanaged, type UnmanagedNic } from "../../../guest/unmanaged-nic.ts";
import { describeDifference, wrongWith } from "../../../survey/describe-drift.ts";
import type { SurveyedNic } from "../../../survey/survey.ts";
import { answering, type Traffic } from "../../../survey/traffic.ts";
import type { HostStatus } from "./host-status.ts";

const attachmentOf = ({ attachment }: Nic): object => {
  switch (attachment.kind) {
    case "access":
      return { kind: "access", bridge: attachment.bridge, vlan: attachment.vlan };
    case "trunk": {
      const { bridge, tagged, native } = attachment;
      return { kind: "trunk", bridge, tagged: renderVidSet(tagged), native };
    }
    case "routed":
      return { kind: "routed", addresses: attachment.addresses, prefixes: attachment.prefixes };
  }
};

const nicOf = ({ nic, state }: SurveyedNic, traffic: Traffic): object => ({
  tap: nic.tap,
  mac: nic.mac,
  ...attachmentOf(nic),
  state: state.kind,
  reasons: wrongWith(state),
  changes:
    state.kind === "drift"
      ? state.changes.map((change) => ({
          change: change.kind,
          fact: subjectOf(change),
          text: describeDifference(change),
        }))
      : [],
  guest: answering(nic, traffic),
  heard: traffic.heard.get(nic.tap) ?? [],
  counters: traffic.counters.get(nic.tap) ?? null,
});

const unmanagedOf = (nic: UnmanagedNic, traffic: Traffic): object => ({
  ...{ tap: nic.tap, mac: nic.mac, kind: nic.kind, on: nic.on, vlans: describeUnmanaged(nic).place },
  ...{ guest: answering(nic, traffic), counters: traffic.counters.get(nic.tap ?? "") ?? null },
});

/** The guests of one look. */
export const guestsJson = ({ survey, traffic }: HostStatus): readonly object[] =>
  survey.guests.map((guest) =>
    guest.kind === "unreadable"
      ? { name: guest.name, uuid: null, reasons: guest.reasons, nics: [], unmanaged: [] }
      : {
          name: guest.name,
          uuid: guest.domain.uuid,
          reasons: [],
          nics: guest.nics.map((nic) => nicOf(nic, traffic)),
          unmanaged: guest.domain.unmanaged.map((nic) => unmanagedOf(nic, traffic)),
        },
  );

/** The status for programs. The shape is promised in docs/reference/guestnet.md: keys are added, never changed. */
export const renderStatusJson = (sight: HostStatus): string =>
  `${JSON.stringify({ guests: guestsJson(sight), others: sight.survey.others }, null, 2)}\n`;
