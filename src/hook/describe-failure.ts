import type { HookEvent, Operation } from "./event.ts";

/** What is true of the guest after a failure. */
const OUTCOME: Readonly<Record<Operation, string>> = {
  prepare: "not started, and nothing of it is left on the host",
  start: "not started; libvirt takes its taps away",
  reconnect: "keeps running",
  release: "has stopped",
};

/** One line, whatever went wrong. */
export const describeFailure = ({ guest, operation }: HookEvent, wrong: readonly string[]): string =>
  `guest ${guest} ${OUTCOME[operation]}: ${wrong.join("; ").replaceAll(/\s*\n\s*/g, "; ")}`;
