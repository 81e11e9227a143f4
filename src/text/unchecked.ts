import type { Issue } from "../values/issue.ts";
import { asList, asObject, type JsonObject } from "../values/json.ts";
import type { Document } from "./document.ts";

// Rules look at what was written, right or wrong, so that their complaints come together with the schema's.

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
  if (value === undefined) return [];
  if (typeof value === "string") return [{ value, path: [...path, key] }];
  const texts: Placed<string>[] = [];
  const list = asList(value);
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    if (typeof item === "string") texts.push({ value: item, path: [...path, key, index] });
  }
  return texts;
};

const objectsOf = (document: Document, key: string): readonly Placed<JsonObject>[] => {
  const objects: Placed<JsonObject>[] = [];
  const list = asList(asObject(document.value)?.[key]);
  for (let index = 0; index < list.length; index += 1) {
    const value = asObject(list[index]);
    if (value !== null) objects.push({ value, path: [key, index] });
  }
  return objects;
};

export const interfacesOf = (document: Document) => objectsOf(document, "interfaces");
export const disksOf = (document: Document) => objectsOf(document, "disks");
export const cdromsOf = (document: Document) => objectsOf(document, "cdroms");
export const hostDevicesOf = (document: Document) => objectsOf(document, "hostDevices");
