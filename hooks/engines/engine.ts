import type { Deadline } from "../../src/run/deadline.ts";
import type { Run } from "../../src/kernel/host.ts";

/** Functions that the hook needs of its JavaScript engine, beyond the language. */
export interface Engine {
  /** `QuickJS`, or `Node.js 20.20.2`. */
  readonly name: string;
  /** The hook's own file. */
  readonly hook: string;
  /** Arguments from libvirt: guest, operation and so on. */
  readonly args: readonly string[];
  /** The value of an environment variable, which programs that are run later do not see. */
  readonly takeVariable: (name: string) => string;
  /** qemu:///session runs the same file as an ordinary user, who may change nothing here. */
  readonly isRoot: () => boolean;
  readonly readInput: () => string;
  readonly writeError: (text: string) => void;
  readonly exit: (status: number) => never;
  /** Calls back unless the hook has exited before. @returns what takes that back */
  readonly after: (ms: number, act: () => void) => () => void;
  /** @returns the text, or null for a missing file or device. Throws the kernel's error. */
  readonly readFile: (name: string) => string | null;
  /** Throws the kernel's error (`ENOENT`, `EINVAL`). */
  readonly writeFile: (name: string, text: string) => void;
  readonly exists: (name: string) => boolean;
  /** Makes its parents, too. */
  readonly makeFolder: (name: string) => void;
  /** Nothing happens where there is none. */
  readonly removeFile: (name: string) => void;
  readonly runUntil: (deadline: Deadline) => Run;
  /** Starts a program that outlives the hook, in a session of its own and without the hook's pipes. @returns its process ID; rejects where it cannot be started */
  readonly leave: (file: string, args: readonly string[]) => Promise<number>;
}
