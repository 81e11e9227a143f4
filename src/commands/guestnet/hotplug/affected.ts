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

/** The XML that is changed without any of the options. */
export type ByDefault = "persistent" | "current";

/** Adds the options of virsh(1) for the XML to change. */
export const affecting = (command: DocumentedCommand, byDefault: ByDefault): DocumentedCommand => {
  const marked = (which: ByDefault, text: string): string =>
    `${text}${which === byDefault ? " (default)" : ""}`;
  return command
    .option("--live", "change the running guest")
    .option("--config", "change the next start of the guest")
    .option("-p, --persistent", marked("persistent", "change the guest if it runs, and its next start"))
    .addOption(
      new Option(
        "--current",
        marked("current", "change the guest if it runs, else its next start"),
      ).conflicts(["live", "config", "persistent"]),
    );
};

export const isChosen = ({ live, config, persistent, current }: Affecting): boolean =>
  live === true || config === true || persistent === true || current === true;

/** Returns which of a guest's two XMLs are changed. Fails where the guest would have to run. */
export const affected = (
  given: Affecting,
  byDefault: ByDefault,
  { name, running }: Target,
): readonly Which[] => {
  const chosen: Affecting = isChosen(given) ? given : { [byDefault]: true };
  const { live, config, persistent, current } = chosen;
  if (live === true && !running) {
    throw new Failure(
      `cannot change guest ${name} live: it is not running`,
      "--config changes its next start",
    );
  }
  const all: readonly (readonly [Which, boolean])[] = [
    ["live", live === true || (running && (persistent === true || current === true))],
    ["config", config === true || persistent === true || (!running && current === true)],
  ];
  return all.flatMap(([which, wanted]) => (wanted ? [which] : []));
};
