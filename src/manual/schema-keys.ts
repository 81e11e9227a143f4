/** The parts of a JSON Schema that its manual page is made from. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** A key of a file. */
export interface Key {
  /** Its place in its object: `topology.cores`. */
  readonly path: string;
  /** Its possible values, in words. */
  readonly values: string;
  readonly required: boolean;
  readonly description: string;
}

const alternatives = ({ anyOf = [], oneOf = [] }: Schema): readonly Schema[] => [...anyOf, ...oneOf];
const quoted = (value: string | number | boolean): string => JSON.stringify(value);

/** All that a value may be, each once. */
const words = (schema: Schema): readonly string[] => {
  const inner = alternatives(schema);
  if (inner.length > 0) return [...new Set(inner.flatMap(words))];
  if (schema.const !== undefined) return [quoted(schema.const)];
  if (schema.enum !== undefined) return schema.enum.map(quoted);
  const { type = "any value", minimum, maximum, items } = schema;
  if (type === "array") return [`list of ${items === undefined ? "values" : words(items).join(" or ")}`];
  if (type === "integer" && minimum !== undefined && maximum !== undefined) {
    return [`number from ${minimum} to ${maximum}`];
  }
  return [type === "integer" ? "number" : type === "boolean" ? "true or false" : type];
};

/** The objects that a value may be, or may be a list of, or may have by names. */
const objectsIn = (schema: Schema): readonly Schema[] => {
  const { properties, items, additionalProperties } = schema;
  return [
    ...(properties === undefined ? [] : [schema]),
    ...(items === undefined ? [] : objectsIn(items)),
    ...(typeof additionalProperties === "object" ? objectsIn(additionalProperties) : []),
    ...alternatives(schema).flatMap(objectsIn),
  ];
};

const ownKeys = (
  { properties = {}, required = [] }: Schema,
  path: string,
): readonly (readonly [Key, Schema])[] =>
  Object.entries(properties).map(([name, schema]) => [
    {
      path: path === "" ? name : `${path}.${name}`,
      values: words(schema).join(", "),
      required: required.includes(name),
      description: schema.description ?? "",
    },
    schema,
  ]);

/** The keys of an object with those of the objects in it: `bandwidth`, `bandwidth.inbound`. */
const allKeys = (object: Schema, path = ""): readonly Key[] =>
  ownKeys(object, path).flatMap(([key, schema]) => [
    key,
    ...objectsIn(schema).flatMap((inner) => allKeys(inner, key.path)),
  ]);

/** Keys of one kind of object. */
export interface KeyGroup {
  /** `disks`, `interfaces with "type": "routed"`; empty for the file itself. */
  readonly heading: string;
  readonly keys: readonly Key[];
}

const headingOf = (name: string, { properties = {} }: Schema): string => {
  const type = properties["type"]?.const;
  return type === undefined ? name : `${name} with "type": ${quoted(type)}`;
};

/** Returns the keys of a file: first its own, then those of each object in it. */
export const keyGroups = (file: Schema): readonly KeyGroup[] => {
  const own = ownKeys(file, "");
  const inner = own.flatMap(([{ path }, schema]) =>
    objectsIn(schema).map((object) => ({ heading: headingOf(path, object), keys: allKeys(object) })),
  );
  return [{ heading: "", keys: own.map(([key]) => key) }, ...inner];
};
