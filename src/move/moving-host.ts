import type { Host } from "../kernel/host.ts";

/** Abilities of the host, beyond converging, that a migration needs. */
export interface MovingHost extends Host {
  /**
   * Leaves a process behind that outlives the hook: the hook's own file, called with these words. It has a session of its own and none
   * of the hook's pipes, to the end of which libvirt reads. Each word is data.
   *
   * @returns its process ID; rejects where it cannot be started
   */
  readonly leave: (words: readonly string[]) => Promise<number>;
  /** Makes the file, and its directory if that is missing. */
  readonly writeFile: (name: string, text: string) => void;
  /** A missing file is not an error. */
  readonly removeFile: (name: string) => void;
}

/** Returns a tap as an argument of a background process, distinct from a later device of the same name. Throws if it does not exist. */
export const watched = (tap: string, host: Host): string => {
  const index = host.readFile(`/sys/class/net/${tap}/ifindex`);
  if (index === null) throw new Error(`device ${tap} does not exist`);
  return `${tap}:${index}`;
};
