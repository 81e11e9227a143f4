import type { Outcome } from "../../../host-trial/ports.ts";
import type { Phase } from "../../../host-trial/trial.ts";
import { Failure } from "../../../values/failure.ts";

/** How a trial is to end. */
export interface TrialEnding {
  readonly what: "confirm" | "rollback";
  readonly to: Phase;
  /** The phases in which it can be asked for, in the order in which they are tried. */
  readonly from: readonly Phase[];
}

export const CONFIRM: TrialEnding = { what: "confirm", to: "confirmed", from: ["waiting"] };
export const ROLLBACK: TrialEnding = {
  ...{ what: "rollback", to: "rolling-back" },
  from: ["waiting", "changing", "ready"],
};

/** Returns whether a trial has ended as it was to, with nothing left to do. */
export const hasEndedAs = (outcome: Outcome, { what }: TrialEnding): boolean =>
  outcome.kind === "confirmed"
    ? what === "confirm" && outcome.wrong.length === 0
    : what === "rollback" && outcome.left.length === 0;

const JOURNAL = "journalctl -u guestnet-host-trial";

/** @param on the host, for the messages: ` on kvm2`, or empty */
export const noTrial = ({ what }: TrialEnding, on = ""): Failure =>
  new Failure(`cannot ${what}: no trial is under way${on}`, "guestnet host try host.json");

export const tooLate = ({ what }: TrialEnding, phase: Phase | null, on = ""): Failure =>
  new Failure(`cannot ${what}: the trial${on} is ${phase ?? "at its end"}`, JOURNAL);

export const unseen = (): Failure => new Failure("cannot see how the trial ends", JOURNAL);

export const underWay = (on = ""): Failure =>
  new Failure(
    `cannot start a trial: one is under way${on}`,
    "guestnet host confirm, or: guestnet host rollback",
  );
