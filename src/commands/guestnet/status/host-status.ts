import type { Survey } from "../../../survey/survey.ts";
import type { Traffic } from "../../../survey/traffic.ts";

/** One look at everything: the guests' NICs, and what passes them. */
export interface HostStatus {
  readonly survey: Survey;
  readonly traffic: Traffic;
}

/** Whether every NIC is as its guest's metadata wants it; one that somebody switched off, or that is still to come, counts as that. */
export const isGood = ({ guests }: Survey): boolean =>
  guests.every(
    (guest) =>
      guest.kind === "read" &&
      guest.nics.every(({ state }) => state.kind !== "drift" && state.kind !== "blocked"),
  );
