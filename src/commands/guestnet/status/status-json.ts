import { subjectOf } from "../../../kernel/facts/change.ts";
import type { Nic } from "../../../guest/nic.ts";
import { attachmentKind } from "../../../guest/attachment.ts";
import { describeUnmanaged, type UnmanagedNic } from "../../../guest/unmanaged-nic.ts";
import { describeDrift, wrongWith } from "../../../survey/describe-drift.ts";
import type { SurveyedNic } from "../../../survey/survey.ts";
import { activityOf, type Traffic } from "../../../survey/traffic.ts";
import { type HostStatus, worstState } from "./host-status.ts";

const attachmentOf = ({ attachment }: Nic): object => ({
  type: attachment.kind,
  ...attachmentKind(attachment).json(attachment),
});

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
          text: describeDrift(change),
        }))
      : [],
  activity: activityOf(nic, traffic),
  heard: traffic.heard.get(nic.tap) ?? [],
  counters: traffic.counters.get(nic.tap) ?? null,
});

const unmanagedOf = (nic: UnmanagedNic, traffic: Traffic): object => ({
  ...{ tap: nic.tap, mac: nic.mac, type: nic.kind, on: nic.on, vlans: describeUnmanaged(nic).place },
  ...{ activity: activityOf(nic, traffic), counters: traffic.counters.get(nic.tap ?? "") ?? null },
});

/** Returns the guests of a host at one moment. */
export const guestsJson = ({ survey, traffic }: HostStatus): readonly object[] =>
  survey.guests.map((guest) =>
    guest.kind === "invalid"
      ? { name: guest.name, uuid: null, state: "invalid", reasons: guest.reasons, nics: [], unmanaged: [] }
      : {
          name: guest.name,
          uuid: guest.domain.uuid,
          state: worstState(guest.nics),
          reasons: [],
          nics: guest.nics.map((nic) => nicOf(nic, traffic)),
          unmanaged: guest.domain.unmanaged.map((nic) => unmanagedOf(nic, traffic)),
        },
  );

/** Returns the status as JSON. docs/reference/guestnet.md documents it: keys are added, never changed. */
export const renderStatusJson = (status: HostStatus): string =>
  `${JSON.stringify({ guests: guestsJson(status), others: status.survey.others }, null, 2)}\n`;
