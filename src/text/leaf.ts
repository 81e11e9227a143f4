import * as v from "valibot";
import { say } from "./say.ts";

// The smallest parts of the schema. Each has one message, which says what is allowed, whatever is wrong.

type Message = ReturnType<typeof say>;

/**
 * A string that a constructor of `model/` takes; its result is what the program goes on with.
 *
 * @param pattern what can be said of it without code, for editors. It takes all that `parse` takes, and sometimes more
 */
export const read = <T>(parse: (text: string) => T | null, pattern: RegExp, message: Message) =>
  v.pipe(
    v.string(message),
    v.regex(pattern, message),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value);
      if (value !== null) return value;
      addIssue({ message });
      return NEVER;
    }),
  );

/** A string of which a pattern says everything; it stays as it is. */
export const match = (pattern: RegExp, message: Message) =>
  v.pipe(v.string(message), v.regex(pattern, message));

/** A whole number within bounds. */
export const count = (min: number, max: number) => {
  const message = say("count", `must be a whole number from ${min} to ${max}`);
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

export const flag = v.boolean(say("wrong-type", "must be true or false"));

/** One of a few words. */
export const choice = <const T extends readonly [string, ...string[]]>(words: T) =>
  v.picklist(words, say("wrong-choice", `must be ${words.map((word) => `"${word}"`).join(" or ")}`));

/** A list with at least one item. */
export const list = <T extends v.GenericSchema>(item: T) => {
  const message = say("wrong-type", "must be a list with at least one item");
  return v.pipe(v.array(item, message), v.minLength(1, message));
};

export const object = <T extends v.ObjectEntries>(entries: T) =>
  v.object(entries, say("wrong-type", "must be an object"));

/** A key that may be left out, with the words that editors show for it. */
export const optional = <T extends v.GenericSchema>(schema: T, description: string) =>
  v.optional(v.pipe(schema, v.description(description)));

/** A key that must be there, with the words that editors show for it. */
export const required = <T extends v.GenericSchema>(schema: T, description: string) =>
  v.pipe(schema, v.description(description));
