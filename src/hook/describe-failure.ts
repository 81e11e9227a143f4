import type { HookEvent, Operation } from "./event.ts";

/** What is true of the guest after a failure. */
const OUTCOME: Readonly<Record<Operation, string>> = {
  prepare: "failed to start; nothing of it remains on the host",
  start: "failed to start; libvirt removes its taps",
  reconnect: "keeps running",
  release: "has stopped",
};

/** One line, whatever went wrong. */
export const describeFailure = ({ guest, operation }: HookEvent, wrong: readonly string[]): string =>
  `guest ${guest} ${OUTCOME[operation]}: ${wrong.join("; ").replaceAll(/\s*\n\s*/g, "; ")}`;
