import { Argument } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";

const EXAMPLES = `
Examples:
  genxml schema guest > guest.schema.json       then, in a profile: "$schema": "guest.schema.json"
  genxml schema host > host.schema.json`;

/** Adds `genxml schema`. */
export const addSchema = (program: DocumentedCommand): void => {
  program
    .command("schema")
    .summary("the JSON Schema of profiles or of host.json, for editors")
    .description(
      "Prints the JSON Schema (draft-07) with which an editor completes, explains and checks a file.",
    )
    .addArgument(new Argument("<file>", "which file's").choices(["guest", "host"]))
    .endHelpWith(EXAMPLES)
    .action(async (file: "guest" | "host") => {
      const { schemaCommand } = await import("./schema.ts");
      schemaCommand(file);
    });
};
