import type { Issue } from "../values/issue.ts";
import type { Document } from "./document.ts";

// Rules look at what was written, right or wrong, so that their complaints come together with the schema's.

export type JsonObject = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): JsonObject | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
export const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];

/** A value with its place. */
export interface Placed<T> {
  readonly value: T;
  readonly path: Issue["path"];
}

/** The strings of a list, or a single one, with their places. */
export const placedTexts = (
  record: JsonObject,
  key: string,
  path: Issue["path"],
): readonly Placed<string>[] => {
  const value = record[key];
  if (typeof value === "string") return [{ value, path: [...path, key] }];
  return asList(value).flatMap((item, index) =>
    typeof item === "string" ? [{ value: item, path: [...path, key, index] }] : [],
  );
};

const objectsOf = (document: Document, key: string): readonly Placed<JsonObject>[] =>
  asList(asObject(document.value)?.[key]).flatMap((item, index) => {
    const value = asObject(item);
    return value === null ? [] : [{ value, path: [key, index] }];
  });

export const interfacesOf = (document: Document) => objectsOf(document, "interfaces");
export const disksOf = (document: Document) => objectsOf(document, "disks");
export const cdromsOf = (document: Document) => objectsOf(document, "cdroms");
export const hostDevicesOf = (document: Document) => objectsOf(document, "hostDevices");
