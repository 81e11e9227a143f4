import type { HookEvent, Operation } from "./event.ts";

/** The state of the guest after a failure. */
const OUTCOME: Readonly<Record<Operation, string>> = {
  prepare: "failed to start; nothing of it remains on the host",
  start: "failed to start; libvirt removes its taps",
  reconnect: "keeps running",
  release: "has stopped",
};

/** Returns one line for any error. */
export const describeFailure = ({ guest, operation }: HookEvent, wrong: readonly string[]): string =>
  `guest ${guest} ${OUTCOME[operation]}: ${wrong.join("; ").replaceAll(/\s*\n\s*/g, "; ")}`;
