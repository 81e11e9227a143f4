import type { DocumentedCommand } from "../shared/documented-command.ts";

const EXAMPLES = `
Examples:
  genxml diagram guests/ -o guests.svg     who is on which bridge and VLAN, and who is routed
  genxml diagram web1.json db1.json > two.svg`;

/** Adds `genxml diagram`. */
export const addDiagram = (program: DocumentedCommand): void => {
  program
    .command("diagram")
    .summary("draw the profiles' bridges, VLANs and routed taps, as SVG")
    .description("Draws the profiles' bridges, VLANs and routed taps: one SVG file that needs nothing else.")
    .argument("<path...>", "guest profiles, and folders of them; - is standard input")
    .option("-o, --output <file>", "write it there (default: standard output)")
    .option("--host <file>", "uplinks and names of VLANs (default: host.json beside each profile)")
    .endHelpWith(EXAMPLES)
    .action(async (paths: readonly string[], _: unknown, self: DocumentedCommand) => {
      // -o and --host are options of `genxml FILE` as well: whichever commander gave them to.
      const { output, host } = self.optsWithGlobals<{ readonly output?: string; readonly host?: string }>();
      const { diagramCommand } = await import("./diagram.ts");
      process.exitCode = await diagramCommand(paths, host ?? null, output ?? null);
    });
};
