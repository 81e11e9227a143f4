import type { Survey } from "../../../survey/survey.ts";

/** Whether every NIC is as its guest's metadata wants it; one that somebody switched off, or that is still to come, counts as that. */
export const isGood = ({ guests }: Survey): boolean =>
  guests.every(
    (guest) =>
      guest.kind === "read" &&
      guest.nics.every(({ state }) => state.kind !== "drift" && state.kind !== "refused"),
  );
