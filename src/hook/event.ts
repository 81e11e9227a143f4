import type { Operation } from "../kernel/desired/operation.ts";

export type { Operation };

/** All other operations end well and do nothing. */
const OPERATIONS: ReadonlySet<string> = new Set<Operation>(["prepare", "start", "reconnect", "release"]);

/** One call of the hook: `qemu GUEST OPERATION SUB-OPERATION EXTRA`. */
export interface HookEvent {
  readonly guest: string;
  readonly operation: Operation;
}

/** @returns the event, or null when the hook has nothing to do */
export const parseEvent = (argv: readonly string[]): HookEvent | null => {
  const [guest = "", operation = ""] = argv;
  return OPERATIONS.has(operation) ? { guest, operation: operation as Operation } : null;
};

/**
 * The hook's exit status after a failure. A non-zero one refuses the guest at `prepare` and `start`; at `reconnect`
 * libvirt would kill the running guest for it (qemuProcessReconnect), and at `release` libvirt ignores it.
 */
export const exitOnFailure = (operation: Operation): 0 | 1 =>
  operation === "prepare" || operation === "start" ? 1 : 0;
