import { bold, page, references, roff, section, tagged, verbatim } from "./roff.ts";
import { type Key, keyGroups, type Schema } from "./schema-keys.ts";

/** A file that people write: its name, a summary, an example, and further reading. */
export interface DescribedFile {
  readonly name: string;
  readonly what: string;
  readonly example: string;
  readonly seeAlso: readonly string[];
}

const keyText = ({ path, values, required, description }: Key): string =>
  tagged(bold(path), [`(${required ? "required; " : ""}${values})`, description].map(roff).join("\n"));

/** Returns the manual page of a file, with the words and defaults of its JSON Schema. */
export const schemaPage = (
  { name, what, example, seeAlso }: DescribedFile,
  schema: Schema,
  version: string,
): string =>
  page({ name, section: 5, version, what }, [
    section(
      "DESCRIPTION",
      roff(schema.description ?? ""),
      ".PP",
      roff("The file is JSON. Comments and trailing commas are allowed."),
    ),
    section(
      "KEYS",
      ...keyGroups(schema).flatMap(({ heading, keys }) => [
        heading === "" ? "" : `.SS ${roff(heading).replaceAll('"', "\\(dq")}`,
        keys.map(keyText).join("\n"),
      ]),
    ),
    section("EXAMPLE", verbatim(example.trimEnd().split("\n"))),
    section("SEE ALSO", references(seeAlso)),
  ]);
