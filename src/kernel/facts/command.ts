/** A file below /proc/sys or /sys, and what is written into it. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** A change of the host: a line of a batch for a program, or a write below /proc/sys (`sysctl`) or /sys (`sysfs`). */
export type Command =
  | { readonly tool: "ip" | "bridge" | "nft"; readonly command: string }
  | { readonly tool: "sysctl" | "sysfs"; readonly command: Setting };

export type Tool = Command["tool"];

/** A command of one change, and the `ip` line that takes it back where a failure must not leave it. */
export type Undoable = Command & {
  /** Null for what goes with its device. */
  readonly undo: string | null;
};

export const ip = (command: string, undo: string | null = null): Undoable => ({ tool: "ip", command, undo });
export const bridge = (command: string): Undoable => ({ tool: "bridge", command, undo: null });
export const nft = (command: string): Undoable => ({ tool: "nft", command, undo: null });
export const sysctl = (command: Setting): Undoable => ({ tool: "sysctl", command, undo: null });
export const sysfs = (command: Setting): Undoable => ({ tool: "sysfs", command, undo: null });

/** Returns the command as one text, for logs: `route add …`, `net/ipv4/ip_forward=1`. */
export const commandText = ({ command }: Command): string =>
  typeof command === "string" ? command : `${command.name}=${command.value}`;
