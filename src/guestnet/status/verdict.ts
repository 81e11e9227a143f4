import type { Survey } from "../../survey/survey.ts";

/** Whether every NIC is as its guest's metadata wants it; one that somebody switched off counts as that. */
export const isGood = ({ guests }: Survey): boolean =>
  guests.every(
    (guest) =>
      guest.kind === "read" && guest.nics.every(({ state }) => state.kind === "ok" || state.kind === "down"),
  );
