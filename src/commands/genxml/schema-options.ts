import { Argument } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";

/** Adds `genxml schema`. */
export const addSchema = (program: DocumentedCommand): void => {
  program
    .command("schema")
    .summary("print a JSON Schema for editors")
    .description(
      "Print the JSON Schema (draft-07) with which an editor completes, explains and checks a file.",
    )
    .addArgument(new Argument("<file>", "the file to describe").choices(["guest", "host"]))
    .examples(
      ["genxml schema guest > guest.schema.json", 'for "$schema" in profiles'],
      ["genxml schema host > host.schema.json", 'for "$schema" in host.json'],
    )
    .action(async (file: "guest" | "host") => {
      const { schemaCommand } = await import("./schema.ts");
      schemaCommand(file);
    });
};
