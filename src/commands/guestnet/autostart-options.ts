import type { DocumentedCommand } from "../shared/documented-command.ts";
import { connectOption } from "./survey-options.ts";

interface Options {
  readonly connect: string;
  readonly wait: boolean;
}

/** Adds `guestnet autostart`. */
export const addAutostart = (program: DocumentedCommand): void => {
  program
    .command("autostart")
    .description(
      "Start the autostart guests that have not run since the host started, as soon as the host has what they need. libvirt itself tries once. A guest that was stopped stays so.",
    )
    .summary("start autostart guests that were refused at boot")
    .addOption(connectOption())
    .option("--wait", "try again every ten seconds until none is left", false)
    .examples(
      ["guestnet autostart", "try each guest once"],
      ["guestnet autostart --wait", "try until all run"],
    )
    .exitCodes(["0", "none is left"], ["1", "a guest could not be started"])
    .action(async ({ connect: uri, wait }: Options) => {
      const { autostartCommand } = await import("./autostart.ts");
      process.exitCode = await autostartCommand({ uri, wait });
    });
};
