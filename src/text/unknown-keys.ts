import { nearest } from "../values/nearest.ts";
import { getNodeValue, type Node } from "jsonc-parser";
import type { GenericSchema } from "valibot";
import type { Issue } from "../values/issue.ts";
import type { Document } from "./document.ts";
import { expectationIn, expectationText, found } from "./schema.ts";

/**
 * Returns what else a missing or empty value may need than to be written, or why there is no such key, as a clause of its message;
 * null for nothing.
 */
export type Remedy = (path: Issue["path"], value: unknown) => string | null;

/** The parts of a valibot schema that the walk needs, whichever kind it is. */
interface Shape {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly item?: Shape;
  /** Of a record, whose keys are the person's choice: what each of them has. */
  readonly value?: Shape;
  readonly wrapped?: Shape;
  readonly options?: readonly Shape[];
  readonly literal?: unknown;
  /** The allowed keys, made by {@link say}. */
  readonly message?: (issue: { readonly input: unknown }) => string;
}

const propertyOf = (node: Node, key: string): Node | undefined =>
  node.children?.find((property) => property.children?.[0]?.value === key)?.children?.[1];

const unwrap = (shape: Shape): Shape => (shape.wrapped === undefined ? shape : unwrap(shape.wrapped));

/**
 * Of a variant or union the option that the document chose; of an optional what it wraps.
 *
 * @param type the key `type` of an object
 */
const resolve = (shape: Shape, isList: boolean, type: unknown): Shape | null => {
  if (shape.wrapped !== undefined) return resolve(shape.wrapped, isList, type);
  if (shape.type === "union") {
    // A number or an object, a path or an object: at most one option has keys, and at most one has items.
    const options = shape.options?.map((option) => resolve(option, isList, type)) ?? [];
    const withItems = options.find((option) => option?.item !== undefined);
    const withKeys = options.find((option) => option?.entries !== undefined);
    // A list where only an object can be is refused as such.
    return (isList ? (withItems ?? withKeys) : withKeys) ?? null;
  }
  if (shape.type !== "variant") return shape;
  // Any of them: all report in the same words that a value is not a list.
  if (isList) return shape.options?.[0] ?? null;
  return shape.options?.find((option) => option.entries?.["type"]?.literal === type) ?? null;
};

/** `; did you mean "vlan"?` when a known word is near. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near === null ? "" : `; did you mean "${near}"?`;
};

/** Invalid names: valibot drops these keys from a record silently. */
export const SPECIAL_NAMES: ReadonlySet<string> = new Set(["__proto__", "prototype", "constructor"]);

/** A list where there can be none. To valibot it is an object that lacks every key. */
const refuseList = (shape: Shape, node: Node, path: Issue["path"], { issueAt }: Document): Issue => {
  const { type, message } = unwrap(shape);
  const input: unknown = getNodeValue(node);
  if (type === "variant" || message === undefined)
    return issueAt("wrong-type", node, path, `must be an object, found ${found(input)}`);
  const expectation = expectationIn(message({ input }));
  return issueAt(expectation.code, node, path, expectationText(expectation));
};

const walk = (
  shape: Shape,
  node: Node,
  path: Issue["path"],
  document: Document,
  remedy: Remedy,
): readonly Issue[] => {
  const resolved = resolve(shape, node.type === "array", propertyOf(node, "type")?.value);
  if (resolved === null) return [];
  if (node.type === "array" && resolved.item !== undefined) {
    const { item } = resolved;
    return (node.children ?? []).flatMap((child, index) =>
      walk(item, child, [...path, index], document, remedy),
    );
  }
  const { entries, value: each } = resolved;
  if (entries === undefined && each === undefined) return [];
  if (node.type === "array") return [refuseList(shape, node, path, document)];
  if (node.type !== "object") return [];
  const known = Object.keys(entries ?? {});
  const seen = new Set<string>();
  return (node.children ?? []).flatMap((property): readonly Issue[] => {
    const [name, value] = property.children ?? [];
    const key = String(name?.value);
    const here = [...path, key];
    const again = seen.has(key);
    seen.add(key);
    if (name !== undefined && again) {
      return [document.issueAt("duplicate-key", name, here, "duplicate key: remove one")];
    }
    const inner = each ?? entries?.[key];
    if (name !== undefined && entries !== undefined && !Object.hasOwn(entries, key)) {
      const why = remedy(here, undefined);
      const more = why === null ? didYouMean(key, known) : `: ${why}`;
      const message = `unknown key ${JSON.stringify(key.slice(0, 60))}${more}`;
      return [document.issueAt("unknown-key", name, here, message)];
    }
    if (name !== undefined && SPECIAL_NAMES.has(key)) {
      const message = `${JSON.stringify(key)} is reserved in JavaScript: use another name`;
      return [document.issueAt("unknown-key", name, here, message)];
    }
    return value === undefined || inner === undefined ? [] : walk(inner, value, here, document, remedy);
  });
};

/** Returns whether all of a value's keys are known: then there is nothing to walk through the text for. */
const isKnown = (shape: Shape, value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return true;
  const isList = Array.isArray(value);
  const object = value as Readonly<Record<string, unknown>>;
  const resolved = resolve(shape, isList, object["type"]);
  if (resolved === null) return true;
  const { item, entries, value: each } = resolved;
  if (isList && item !== undefined) return value.every((one) => isKnown(item, one));
  if (entries === undefined && each === undefined) return true;
  if (isList) return false;
  for (const key of Object.keys(object)) {
    if (SPECIAL_NAMES.has(key) || (entries !== undefined && !Object.hasOwn(entries, key))) return false;
    const known = each ?? entries?.[key];
    if (known !== undefined && !isKnown(known, object[key])) return false;
  }
  return true;
};

/** Unknown keys and duplicate keys: JSON itself would drop both silently. */
export const checkKeys = (schema: GenericSchema, document: Document, remedy: Remedy): readonly Issue[] =>
  document.plain && isKnown(schema, document.value) ? [] : walk(schema, document.root, [], document, remedy);
