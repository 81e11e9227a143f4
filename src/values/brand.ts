declare const brand: unique symbol;

/** A value that only its own constructor can make: `Brand<number, "Vid">` is a number that was checked to be a VLAN ID. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Readonly<Record<Name, true>> };

/** A list with at least one element. */
export type NonEmpty<T> = readonly [T, ...T[]];

/** @returns the list as a non-empty one, or null when it is empty */
export const nonEmpty = <T>(list: readonly T[]): NonEmpty<T> | null =>
  list.length === 0 ? null : (list as NonEmpty<T>);

/** Ends a `switch` over a union: a new member of the union is a type error here. */
export const never = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
