import type { Machine } from "../../../lab/lab.ts";
import { until } from "../until.ts";

/** A tcpdump that listens. */
export interface Capture {
  /** Ends it. @returns what it has printed of all frames that had passed by then: for each a line with its link-level header, and what its options ask for */
  stop(): Promise<readonly string[]>;
}

/**
 * Starts a tcpdump on a device of a machine, and waits until it listens.
 *
 * @param options of tcpdump, and the filter, as a shell takes them
 */
export const startCapture = async (machine: Machine, device: string, options: string): Promise<Capture> => {
  const log = `/run/capture-${device}`;
  await machine.sh(`rm -f ${log} ${log}.pid`);
  // Immediately: otherwise the kernel hands frames over in blocks, up to a second later.
  const dump = await machine.background([
    "sh",
    "-c",
    `echo $$ >${log}.pid; exec tcpdump --immediate-mode -lne -i ${device} ${options} 2>${log}`,
  ]);
  await until(machine, `grep -q 'listening on' ${log}`);
  return {
    async stop() {
      // A frame may still be under way on the machine; then tcpdump has it, and sleeps only when it has printed all that it has.
      await machine.sh("sleep 0.2");
      await until(machine, `grep -q '^State:.*sleeping' /proc/$(cat ${log}.pid)/status`);
      const { stdout } = await dump.stop();
      return stdout.split("\n").filter((line) => line !== "");
    },
  };
};

/** What passes a device of a machine while something happens: one line a frame, without time; see {@link startCapture}. */
export const capture = async (
  machine: Machine,
  device: string,
  options: string,
  during: () => Promise<unknown>,
): Promise<readonly string[]> => {
  const started = await startCapture(machine, device, `-t ${options}`);
  try {
    await during();
  } catch (error) {
    await started.stop();
    throw error;
  }
  return started.stop();
};
