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

/** Reads the list that a program printed; none where it failed, or printed nothing. */
export const printedList = ({
  code,
  stdout,
}: {
  readonly code: number;
  readonly stdout: string;
}): readonly unknown[] => (code === 0 && stdout.trim() !== "" ? asList(JSON.parse(stdout)) : []);

export const asText = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const asNumber = (value: unknown): number | null => (typeof value === "number" ? value : null);
