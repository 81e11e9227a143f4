// What JSON holds, read without trust in its shape: a value of another type counts as absent.

export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns an object, or null. */
export const asObject = (value: unknown): JsonObject | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;

/** Returns the members of an object (RFC 8259); none of anything else. */
export const membersOf = (value: unknown): JsonObject => asObject(value) ?? {};

/** Returns the elements of a list; none of anything else. */
export const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];

export const asText = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const asNumber = (value: unknown): number | null => (typeof value === "number" ? value : null);
