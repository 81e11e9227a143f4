import type { Issue } from "../values/issue.ts";
import type { Document } from "./document.ts";

// Rules look at what was written, right or wrong, so that their complaints come together with the schema's.

export type Written = Readonly<Record<string, unknown>>;

export const asRecord = (value: unknown): Written | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Written) : null;
export const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];

/** A value with its place. */
export interface Placed<T> {
  readonly value: T;
  readonly path: Issue["path"];
}

/** The strings of a list, or a single one, with their places. */
export const placedTexts = (record: Written, key: string, path: Issue["path"]): readonly Placed<string>[] => {
  const value = record[key];
  if (typeof value === "string") return [{ value, path: [...path, key] }];
  return asList(value).flatMap((item, index) =>
    typeof item === "string" ? [{ value: item, path: [...path, key, index] }] : [],
  );
};

const recordsOf = (document: Document, key: string): readonly Placed<Written>[] =>
  asList(asRecord(document.value)?.[key]).flatMap((item, index) => {
    const value = asRecord(item);
    return value === null ? [] : [{ value, path: [key, index] }];
  });

export const interfacesOf = (document: Document) => recordsOf(document, "interfaces");
export const disksOf = (document: Document) => recordsOf(document, "disks");
export const cdromsOf = (document: Document) => recordsOf(document, "cdroms");
export const hostDevicesOf = (document: Document) => recordsOf(document, "hostDevices");
