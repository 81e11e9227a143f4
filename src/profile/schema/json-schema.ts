import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { SPECIAL_NAMES } from "../../text/keys.ts";
import { togetherIn } from "./schema-rules.ts";
import { writtenProfile } from "./written.ts";

/** `Default: x.` in a description is a default to fill in, if x is a value that the key can have. */
const withDefault = (schema: JsonSchema): JsonSchema => {
  const [, word = ""] = /Default: ([\w/-]+)[.,]/.exec(schema.description ?? "") ?? [];
  const value = /^(true|false)$/.test(word) ? word === "true" : /^\d+$/.test(word) ? Number(word) : word;
  const type = typeof value === "number" ? "integer" : typeof value;
  // A string without a list of words could be anything, "none" included: there the description alone says it.
  const fits = (option: JsonSchema): boolean =>
    option.enum?.includes(value) ?? (type !== "string" && option.type === type);
  const options = [schema, ...(schema.anyOf ?? [])].filter((option) => typeof option === "object");
  return options.some(fits) ? { ...schema, default: value } : schema;
};

/** An object's keys are all that there are: checkKeys refuses others. */
const closed = ({ required = [], ...schema }: JsonSchema, more: JsonSchema): JsonSchema => ({
  ...schema,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
  ...more,
});

const convert = (schema: GenericSchema): JsonSchema =>
  toJsonSchema(schema, {
    // All editors know it, and not all know 2020-12.
    target: "draft-07",
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      if (valibotSchema.type === "object") return closed(jsonSchema, togetherIn(valibotSchema));
      if (valibotSchema.type !== "record") return undefined;
      const names = { not: { enum: [...SPECIAL_NAMES] } };
      return { ...jsonSchema, propertyNames: { allOf: [jsonSchema.propertyNames ?? {}, names] } };
    },
    overrideAction: ({ valibotAction, jsonSchema }) => {
      switch (valibotAction.type) {
        // Code has no form in JSON Schema: what can be said of it all the same is in the pattern before it. And a pattern's
        // flag "u" is not lost: readers of JSON Schema are to take patterns so (2020-12, section 6.4).
        case "raw_transform":
        case "transform":
        case "regex":
          return jsonSchema;
        case "description":
          return withDefault(jsonSchema);
        default:
          return undefined;
      }
    },
  });

/**
 * The JSON Schema (draft-07) of a file of ours, as text that ends in a line break.
 *
 * @param title the file's name
 * @param description what the file is
 */
export const renderJsonSchema = (title: string, description: string, schema: GenericSchema): string => {
  const { $schema, ...rest } = convert(schema);
  // Words of VS Code's and its kin: without them they would mark comments as mistakes.
  const jsonc = { allowComments: true, allowTrailingCommas: true };
  return `${JSON.stringify({ $schema, title, description, ...jsonc, ...rest }, null, 2)}\n`;
};

/** The JSON Schema of `guest.json`, for editors: what of a profile can be checked and explained without reading it as a whole. */
export const guestSchema = (): string =>
  renderJsonSchema(
    "guest.json",
    "A KVM guest, from which genxml writes libvirt domain XML. With a template of your own, what is left out is as the template has it.",
    writtenProfile,
  );
