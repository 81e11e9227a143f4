/** As much of a JSON Schema as ours uses. */
export interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

const inside = (node: Node): readonly Node[] => [
  ...Object.values(node.properties ?? {}),
  ...(node.items === undefined ? [] : [node.items]),
  ...(typeof node.additionalProperties === "object" ? [node.additionalProperties] : []),
  ...(node.anyOf ?? []),
  ...(node.oneOf ?? []),
];

/** A schema and all that are inside it; not what only tells how keys fit together. */
export const nodesOf = (node: Node): readonly Node[] => [node, ...inside(node).flatMap(nodesOf)];

export interface Key {
  readonly name: string;
  readonly node: Node;
  readonly required: boolean;
}

/** The keys of an object, with the type of the variant in front: `routed.gateway`. */
export const keysOf = ({ properties = {}, required = [] }: Node): readonly Key[] =>
  Object.entries(properties).map(([key, node]) => ({
    name: typeof properties["type"]?.const === "string" ? `${properties["type"].const}.${key}` : key,
    node,
    required: required.includes(key),
  }));

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of alternatives the one that the value is meant as: by its `type`, or by being an object or a list. */
const fitting = (node: Node, value: unknown): Node => {
  const options = [...(node.oneOf ?? []), ...(node.anyOf ?? [])];
  const chosen = options.find(({ properties, items, additionalProperties }) => {
    if (Array.isArray(value)) return items !== undefined;
    if (!isObject(value)) return false;
    const type = properties?.["type"]?.const;
    return (
      (properties !== undefined || additionalProperties !== undefined) &&
      (type === undefined || type === value["type"])
    );
  });
  return chosen ?? node;
};

/** The value with one of the keys that it leaves out set to its default: one result for each of them. */
export const withDefaults = (schema: Node, value: unknown): readonly (readonly [string, unknown])[] => {
  const node = fitting(schema, value);
  if (Array.isArray(value)) {
    const { items } = node;
    return value.flatMap((item: unknown, index) =>
      items === undefined
        ? []
        : withDefaults(items, item).map(
            ([path, filled]) => [`[${index}]${path}`, value.with(index, filled)] as const,
          ),
    );
  }
  if (!isObject(value)) return [];
  const missing = Object.entries(node.properties ?? {}).flatMap(([key, property]) =>
    key in value || property.default === undefined
      ? []
      : [[`.${key}`, { ...value, [key]: property.default }] as const],
  );
  const deeper = Object.entries(value).flatMap(([key, inner]) => {
    const each = typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
    const property = node.properties?.[key] ?? each;
    return property === undefined
      ? []
      : withDefaults(property, inner).map(
          ([path, filled]) => [`.${key}${path}`, { ...value, [key]: filled }] as const,
        );
  });
  return [...missing, ...deeper];
};
