/** What a page shows of a JSON Schema; the rest of it is for validators. */
interface Schema {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: Schema | false;
}

type Keys = ReadonlyMap<string, string>;

const quoted = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(", ");

const keysOf = ({ properties = {}, required = [] }: Schema): Keys =>
  new Map(
    Object.entries(properties).map(([key, { description = "", enum: choices, const: only }]) => [
      key,
      [
        only === undefined ? `**\`${key}\`**` : `**\`"${key}": "${only}"\`**`,
        required.includes(key) && only === undefined ? " (required)" : "",
        `: ${description.replace(/\.?$/, ".")}`,
        choices === undefined ? "" : ` One of ${quoted(choices)}.`,
      ].join(""),
    ]),
  );

const alternativesOf = ({ anyOf = [], oneOf = [] }: Schema): readonly Schema[] => [...anyOf, ...oneOf];

/** Returns the schema of an object, behind a list, an alternative to a plain value, or any key. */
const objectIn = (schema: Schema): Schema => {
  if (schema.properties !== undefined) return schema;
  if (schema.items !== undefined) return objectIn(schema.items);
  const inner =
    alternativesOf(schema).find((one) => one.properties !== undefined) ?? schema.additionalProperties;
  if (inner === undefined || inner === false) throw new Error("there is no object in this schema");
  return objectIn(inner);
};

/** Returns the schema of a key: of the first alternative that has it. */
const keyIn = (schema: Schema, key: string): Schema =>
  alternativesOf(schema.items ?? {}).find(({ properties = {} }) => key in properties)?.properties?.[key] ??
  objectIn(schema).properties?.[key] ??
  {};

const typesIn = (schema: Schema): ReadonlyMap<string, Schema> =>
  new Map(alternativesOf(schema.items ?? {}).map((one) => [one.properties?.["type"]?.const ?? "", one]));

/** Returns the keys that at least four types have in the same words, and which types these are. */
const sharedKeys = (types: ReadonlyMap<string, Schema>): ReadonlyMap<string, readonly string[]> => {
  const owners = new Map<string, readonly string[]>();
  for (const [type, schema] of types)
    for (const line of keysOf(schema).values()) owners.set(line, [...(owners.get(line) ?? []), type]);
  return new Map([...owners].filter(([, having]) => having.length >= 4));
};

/**
 * Returns the keys of an object as a list. The path is keys with dots; behind it `[TYPE]` chooses one type's own keys, and `[*]`
 * those that several types share.
 */
export const renderKeys = (root: Schema, path: string): string => {
  const [, keys = "", type = null] = /^([^[]*)(?:\[(.+)\])?$/.exec(path) ?? [];
  const steps = keys.split(".").filter((key) => key !== "");
  const found = steps.reduce(keyIn, root);
  if (type === null) return [...keysOf(objectIn(found)).values()].map((line) => `- ${line}\n`).join("");
  const types = typesIn(found);
  const shared = sharedKeys(types);
  if (type === "*")
    return [...shared]
      .map(([line, having]) =>
        having.length === types.size ? `- ${line}\n` : `- ${line} For ${quoted(having)}.\n`,
      )
      .join("");
  return [...keysOf(types.get(type) ?? {}).values()]
    .filter((line) => !shared.has(line))
    .map((line) => `- ${line}\n`)
    .join("");
};
