import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { hostFileOption } from "./host-file-option.ts";

/** Adds `genxml diagram`. */
export const addDiagram = (program: DocumentedCommand): void => {
  program
    .command("diagram")
    .summary("draw the networks of profiles as SVG")
    .description("Draw the bridges, VLANs and routed taps of profiles as one self-contained SVG file.")
    .argument("<profile...>", "guest profiles and directories of them; - is standard input")
    .addOption(new Option("-o, --output <file>", "file to write").default(undefined, "standard output"))
    .addOption(hostFileOption("uplinks and VLAN names of the host"))
    .examples(
      ["genxml diagram guests/ -o guests.svg", "all guests with their VLANs and routes"],
      ["genxml diagram web1.json db1.json > two.svg"],
    )
    .action(async (paths: readonly string[], _: unknown, self: DocumentedCommand) => {
      // -o and --host are options of `genxml FILE` as well: whichever commander gave them to.
      const { output, host } = self.optsWithGlobals<{ readonly output?: string; readonly host?: string }>();
      const { diagramCommand } = await import("./diagram.ts");
      process.exitCode = await diagramCommand(paths, host ?? null, output ?? null);
    });
};
