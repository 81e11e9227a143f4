import { attachmentKind } from "../../../guest/attachment.ts";
import { describeUnmanaged, type UnmanagedNic } from "../../../guest/unmanaged-nic.ts";
import { wrongWith } from "../../../survey/describe-drift.ts";
import type { SurveyedNic } from "../../../survey/survey.ts";
import { activityOf, strangers } from "../../../survey/traffic.ts";
import type { HostStatus } from "./host-status.ts";

/** The columns of the status of one host, as a table and as CSV. */
export const COLUMNS = [
  ...["GUEST", "NIC", "TYPE", "NETWORK", "STATE", "ACTIVITY", "SENT", "RECEIVED"],
] as const;

export type RowState = SurveyedNic["state"]["kind"] | "unmanaged" | "invalid";

/** A NIC, or a guest whose metadata is invalid. Unknown cells are empty. */
export interface StatusRow {
  readonly guest: string;
  readonly nic: string;
  readonly type: string;
  readonly network: string;
  readonly state: RowState;
  readonly activity: string;
  /** Bytes. */
  readonly sent: number | null;
  readonly received: number | null;
  readonly wrong: readonly string[];
  /** MAC addresses that are not the guest's own. */
  readonly strangers: readonly string[];
}

/** Returns a row for each NIC. */
export const statusRows = ({ survey, traffic }: HostStatus): readonly StatusRow[] => {
  const seen = (nic: SurveyedNic["nic"] | UnmanagedNic) => {
    const counted = traffic.counters.get(nic.tap ?? "");
    return {
      activity: activityOf(nic, traffic),
      sent: counted?.sentBytes ?? null,
      received: counted?.receivedBytes ?? null,
    };
  };
  const ofNic = (guest: string, { nic, state }: SurveyedNic): StatusRow => {
    const kind = attachmentKind(nic.attachment);
    return {
      ...{ guest, nic: nic.tap, type: kind.describe(nic.attachment), network: kind.place(nic.attachment) },
      ...{ state: state.kind, ...seen(nic), wrong: wrongWith(state), strangers: strangers(nic, traffic) },
    };
  };
  const ofUnmanaged = (guest: string, nic: UnmanagedNic): StatusRow => {
    const { kind, place } = describeUnmanaged(nic);
    return {
      ...{ guest, nic: nic.tap ?? nic.mac, type: kind, network: place },
      ...{ state: "unmanaged", ...seen(nic), wrong: [], strangers: [] },
    };
  };
  return survey.guests.flatMap((guest): readonly StatusRow[] =>
    guest.kind === "read"
      ? [
          ...guest.nics.map((nic) => ofNic(guest.name, nic)),
          ...guest.domain.unmanaged.map((nic) => ofUnmanaged(guest.name, nic)),
        ]
      : [
          {
            ...{ guest: guest.name, nic: "", type: "", network: "", state: "invalid", activity: "" },
            ...{ sent: null, received: null, wrong: guest.reasons, strangers: [] },
          },
        ],
  );
};
