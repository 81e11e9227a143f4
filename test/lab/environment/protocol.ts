/** What a process gave back when it ended; for one that a signal killed, the code is 128 + the signal. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process to start: in the environment itself, or in the machine `ns` (the pid of its unshare process). */
export interface Command {
  readonly argv: readonly string[];
  readonly ns?: number | undefined;
}

/** What the lab asks of the agent. Many may be under way at once; each answer names its request's id. */
export type Request =
  | (Command & { readonly op: "run"; readonly stdin?: string; readonly timeoutMs: number })
  | (Command & { readonly op: "start"; readonly stream?: number })
  | { readonly op: "write"; readonly pid: number; readonly data: string }
  | { readonly op: "stop"; readonly pid: number };

/** The answer to a request. Which fields there are depends on the request. */
export interface Answer {
  readonly id: number;
  readonly error?: string;
  readonly pid?: number;
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  /** It was killed because its time was over. */
  readonly late?: boolean;
}

/**
 * What the agent says unasked. A stream is a background process whose output comes piece by piece; its number
 * is the lab's choice, made before it starts, so that no output can come before somebody listens.
 */
export type Event =
  | { readonly event: "ready" }
  | { readonly event: "received"; readonly bytes: number }
  | { readonly event: "output"; readonly stream: number; readonly data: string }
  | ({ readonly event: "end"; readonly stream: number } & Ran);
