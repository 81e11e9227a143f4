import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { siteOf, type SiteOptions, withSite } from "./site-option.ts";

/** Adds `genxml diagram`. */
export const addDiagram = (program: DocumentedCommand): void => {
  withSite(program.command("diagram"), "uplinks and VLAN names of the host")
    .summary("draw the networks of profiles as SVG")
    .description("Draw the bridges, VLANs and routed taps of profiles as one self-contained SVG file.")
    .argument("<profile...>", "guest profiles and directories of them; - is standard input")
    .addOption(
      new Option("-o, --output <path>", "file, or directory for guests.svg").default(
        undefined,
        "standard output",
      ),
    )
    .examples(
      ["genxml diagram guests/ -o guests.svg", "all guests with their VLANs and routes"],
      ["genxml diagram web1.json db1.json > two.svg"],
    )
    .action(async (paths: readonly string[], _: unknown, self: DocumentedCommand) => {
      // -o and --site are options of `genxml FILE` as well: whichever commander gave them to.
      const options = self.optsWithGlobals<SiteOptions & { readonly output?: string }>();
      const { diagramCommand } = await import("./diagram.ts");
      process.exitCode = await diagramCommand(paths, siteOf(options), options.output ?? null);
    });
};
