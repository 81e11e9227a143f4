import type { DocumentedCommand } from "../shared/documented-command.ts";
import { connectOption } from "./survey-options.ts";

const EXAMPLES = `
Examples:
  guestnet diagram -o host.svg      all running guests, what is not as it should be in red
  guestnet diagram web1 db1 > two.svg`;

/** Adds `guestnet diagram`. */
export const addDiagram = (program: DocumentedCommand): void => {
  program
    .command("diagram")
    .summary("draw the running guests and their networks, as SVG")
    .description(
      "Draws the running guests: uplinks, bridges, VLANs in colour, routed taps with their addresses, and what is not as it should be in red. One SVG file that needs nothing else.",
    )
    .argument("[guest...]", "names of running guests (default: all)")
    .addOption(connectOption())
    .option("-o, --output <file>", "write it there (default: standard output)")
    .endHelpWith(EXAMPLES)
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
