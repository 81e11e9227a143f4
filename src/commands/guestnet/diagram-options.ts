import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { connectOption, guestsArgument } from "./survey-options.ts";

/** Adds `guestnet diagram`. */
export const addDiagram = (program: DocumentedCommand): void => {
  program
    .command("diagram")
    .summary("draw running guests and their networks as SVG")
    .description(
      "Draw running guests with their uplinks, bridges, VLANs and routed taps as one self-contained SVG file. Drift is marked in red.",
    )
    .addArgument(guestsArgument())
    .addOption(connectOption())
    .addOption(
      new Option("-o, --output <path>", "file, or directory for host.svg").default(
        undefined,
        "standard output",
      ),
    )
    .examples(["guestnet diagram -o host.svg", "all running guests"], ["guestnet diagram web1 db1 > two.svg"])
    .action(
      async (
        names: readonly string[],
        { connect, output }: { readonly connect: string; readonly output?: string },
      ) => {
        const { diagramCommand } = await import("./diagram.ts");
        process.exitCode = await diagramCommand(names, connect, output ?? null);
      },
    );
};
