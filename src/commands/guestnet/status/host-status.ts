import type { NicState } from "../../../survey/compare.ts";
import type { Survey, SurveyedNic } from "../../../survey/survey.ts";
import type { Traffic } from "../../../survey/traffic.ts";

/** The guests' NICs and their traffic at one moment. */
export interface HostStatus {
  readonly survey: Survey;
  readonly traffic: Traffic;
}

/** Returns whether every NIC matches its guest's metadata. A tap that is down, or an incoming guest, counts as a match. */
export const isGood = ({ guests }: Survey): boolean =>
  guests.every(
    (guest) =>
      guest.kind === "read" &&
      guest.nics.every(({ state }) => state.kind !== "drift" && state.kind !== "blocked"),
  );

/** The most urgent state first. */
const BY_URGENCY = ["blocked", "drift", "down", "incoming", "ok"] as const;

/** Returns the state of the NIC that needs attention most, which is the guest's. */
export const worstState = (nics: readonly SurveyedNic[]): NicState["kind"] =>
  BY_URGENCY.find((kind) => nics.some(({ state }) => state.kind === kind)) ?? "ok";
