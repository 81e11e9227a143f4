import type { Ran } from "../kernel/host.ts";
import type { LiveNetwork } from "../live-network/live-network.ts";
import type { DurableFiles } from "./durable-files.ts";
import type { Line, ManagerCommands } from "./managers.ts";
import type { Tried } from "./restore/tried.ts";
import type { ProcessId } from "./trial.ts";

/** What became of a trial, for the command that started it. */
export type Outcome =
  | { readonly kind: "confirmed"; readonly id: string; readonly wrong: readonly string[] }
  | {
      readonly kind: "rolled-back";
      readonly id: string;
      readonly reason: string;
      /** What could not be put back. */
      readonly left: readonly string[];
    };

/** Everything that a trial needs of the outside. */
export interface TrialPorts {
  readonly disk: DurableFiles;
  /** Seconds since the host started: a clock that is never set. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly boot: () => string;
  readonly run: (line: Line) => Promise<Ran>;
  readonly readNetwork: () => Promise<LiveNetwork>;
  readonly writeSysctl: (name: string, value: string) => void;
  readonly isAlive: (process: ProcessId) => boolean;
  /** NICs of running guests that are not right, as `GUEST NIC`, each with its reason; none if libvirt does not answer. */
  readonly wrongGuests: () => Promise<ReadonlyMap<string, string>>;
  /** Repairs these NICs. @returns what could not be repaired */
  readonly repairGuests: (nics: ReadonlySet<string>) => Promise<readonly string[]>;
  readonly publish: (outcome: Outcome) => void;
}

/** What a trial needs of its format and its host.json. */
export interface TrialPlan extends ManagerCommands {
  /** What the new configuration has. */
  readonly tried: Tried;
  /** @returns differences between the host and host.json, a line each */
  readonly differences: (network: LiveNetwork) => readonly string[];
  /** The network before the trial. */
  readonly before: LiveNetwork;
}
