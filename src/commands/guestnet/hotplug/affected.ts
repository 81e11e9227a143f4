import { Option } from "commander";
import type { DocumentedCommand } from "../../shared/documented-command.ts";
import { Failure } from "../../../values/failure.ts";
import type { Target, Which } from "./target.ts";

/** Options for the XML to change, as in virsh(1). */
export interface Affecting {
  readonly live?: boolean;
  readonly config?: boolean;
  readonly persistent?: boolean;
  readonly current?: boolean;
}

/** Adds the options of virsh(1) for the XML to change. */
export const affecting = (command: DocumentedCommand): DocumentedCommand =>
  command
    .option("--live", "change the running guest")
    .option("--config", "change the next start of the guest")
    .option("-p, --persistent", "change the guest if it runs, and its next start")
    .addOption(
      new Option("--current", "change the guest if it runs, else its next start (default)").conflicts([
        "live",
        "config",
        "persistent",
      ]),
    );

/** Returns which of a guest's two XMLs are changed: without an option, as with `--current`. Fails where the guest would have to run. */
export const affected = (
  { live = false, config = false, persistent = false }: Affecting,
  { name, running }: Target,
): readonly Which[] => {
  const current = !live && !config && !persistent;
  if (live && !running) {
    throw new Failure(
      `cannot change guest ${name} live: it is not running`,
      "--config changes its next start",
    );
  }
  const all: readonly (readonly [Which, boolean])[] = [
    ["live", live || (running && (persistent || current))],
    ["config", config || persistent || (!running && current)],
  ];
  return all.flatMap(([which, wanted]) => (wanted ? [which] : []));
};
