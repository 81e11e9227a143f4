import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { SPECIAL_NAMES } from "./unknown-keys.ts";

export type { JsonSchema };

/** An object's keys are all that there are: checkKeys rejects others. */
const closed = ({ required = [], ...schema }: JsonSchema, more: JsonSchema): JsonSchema => ({
  ...schema,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
  ...more,
});

const METADATA = v.object({ default: v.optional(v.union([v.string(), v.number(), v.boolean()])) });
/** The default that `optional` has put into the schema. */
const defaultOf = (action: v.PipeAction<unknown, unknown, v.BaseIssue<unknown>>): JsonSchema =>
  "metadata" in action ? v.parse(METADATA, action.metadata) : {};

const convert = (schema: v.GenericSchema, rulesOf: (schema: unknown) => JsonSchema): JsonSchema =>
  toJsonSchema(schema, {
    // All editors read it, and not all read 2020-12.
    target: "draft-07",
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      if (valibotSchema.type === "object") return closed(jsonSchema, rulesOf(valibotSchema));
      if (valibotSchema.type !== "record") return undefined;
      const names = { not: { enum: [...SPECIAL_NAMES] } };
      return { ...jsonSchema, propertyNames: { allOf: [jsonSchema.propertyNames ?? {}, names] } };
    },
    overrideAction: ({ valibotAction, jsonSchema }) => {
      switch (valibotAction.type) {
        // Code has no form in JSON Schema: the pattern before it expresses what it can. And a pattern's
        // flag "u" is not lost: readers of JSON Schema are to take patterns so (2020-12, section 6.4).
        case "raw_transform":
        case "transform":
        case "regex":
        case "check":
          return jsonSchema;
        case "metadata":
          return { ...jsonSchema, ...defaultOf(valibotAction) };
        default:
          return undefined;
      }
    },
  });

/**
 * Returns the JSON Schema (draft-07) of a file.
 *
 * @param title the file's name
 * @param description what the file is
 * @param rulesOf how the keys of one of its objects fit together, to be merged into that object
 */
export const schemaOfFile = (
  title: string,
  description: string,
  schema: v.GenericSchema,
  rulesOf: (schema: unknown) => JsonSchema = () => ({}),
): JsonSchema => {
  const { $schema, ...rest } = convert(schema, rulesOf);
  // VS Code and its kin mark comments as mistakes without these words.
  const jsonc = { allowComments: true, allowTrailingCommas: true };
  return { ...($schema === undefined ? {} : { $schema }), title, description, ...jsonc, ...rest };
};

/** Returns a JSON Schema as the text of a file. */
export const renderSchema = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;
