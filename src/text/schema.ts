import * as v from "valibot";
import type { BaseIssue } from "valibot";
import { type IssueCode, ISSUE_CODES } from "../values/issue.ts";
import { asObject } from "../values/json.ts";

/** Returns a value of a file, short enough for a message. */
export const found = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
};

/** What a schema says of a value: the code of the issue, what is allowed, and what the file has there. */
export interface Expectation {
  readonly code: IssueCode;
  readonly allowed: string;
  readonly found: string;
}

// valibot carries one string for each issue, so an expectation travels as one.
const SEPARATOR = "\u0000";

/** A message for valibot: what is allowed there, to which what was found is added. */
export const expects =
  (code: IssueCode, allowed: string | ((input: unknown) => string)) =>
  (issue: BaseIssue<unknown>): string => {
    const rule = typeof allowed === "string" ? allowed : allowed(issue.input);
    return [code, rule, found(issue.input)].join(SEPARATOR);
  };

/** Reads what {@link expects} has given to valibot. */
export const expectationIn = (message: string): Expectation => {
  const [code, allowed = "", what = ""] = message.split(SEPARATOR);
  const known = ISSUE_CODES.find((candidate) => candidate === code);
  if (known === undefined) throw new Error(`a schema without a message of its own: ${message}`);
  return { code: known, allowed, found: what };
};

export const expectationText = ({ allowed, found: what }: Expectation): string => `${allowed}, found ${what}`;

// The smallest parts of the schema. Each has one message for all its errors, which names the allowed values.

type Message = ReturnType<typeof expects>;

type Run = v.GenericSchema["~run"];

/**
 * Returns a schema whose valid inputs are read in another way. Of thousands of profiles, valibot's own would take most of the time.
 *
 * @param read returns null for an input of which valibot is to describe what is wrong
 */
const readingBy = <Schema extends v.GenericSchema>(
  schema: Schema,
  read: (input: unknown, config: Parameters<Run>[1]) => ReturnType<Run> | null,
): Schema => ({
  ...schema,
  "~run": (dataset: Parameters<Run>[0], config: Parameters<Run>[1]) =>
    read(dataset.value, config) ?? schema["~run"](dataset, config),
});

/**
 * A string that a constructor of `values/` takes; its result is what the program goes on with.
 *
 * @param pattern a condition for editors, which do not run code. It accepts all that `parse` accepts, and sometimes more
 */
export const read = <T>(parse: (text: string) => T | null, pattern: RegExp, message: Message) =>
  readingBy(
    v.pipe(
      v.string(message),
      v.regex(pattern, message),
      v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
        const value = parse(dataset.value);
        if (value !== null) return value;
        addIssue({ message });
        return NEVER;
      }),
    ),
    (input) => {
      const value = typeof input === "string" && pattern.test(input) ? parse(input) : null;
      return value === null ? null : { typed: true, value };
    },
  );

/** Returns a schema for strings that a pattern describes fully. */
export const match = (pattern: RegExp, message: Message) =>
  v.pipe(v.string(message), v.regex(pattern, message));

/** A whole number within bounds. */
export const count = (min: number, max: number) => {
  const message = expects("count", `must be a whole number from ${min} to ${max}`);
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

export const flag = v.boolean(expects("wrong-type", "must be true or false"));

/** Returns the alternatives for a message: `"pci" or "usb"`, or `one of "bios", "uefi", "uefi-secure"`. */
export const oneOf = (words: readonly string[]): string => {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length > 2 ? `one of ${quoted.join(", ")}` : quoted.join(" or ");
};

/** A value from a fixed list of words. */
export const choice = <const T extends readonly [string, ...string[]]>(words: T) =>
  v.picklist(words, expects("wrong-choice", `must be ${oneOf(words)}`));

/** A list with at least one item. */
export const list = <T extends v.GenericSchema>(item: T) => {
  const message = expects("wrong-type", "must be a list with at least one item");
  return v.pipe(v.array(item, message), v.minLength(1, message));
};

/** An object. valibot asks for each of the schema's keys, of which a text has few: a valid one is read by its own keys. */
export const object = <T extends v.ObjectEntries>(entries: T) => {
  const schema = v.object(entries, expects("wrong-type", "must be an object"));
  const all = new Map<string, v.GenericSchema>(Object.entries(entries) as [string, v.GenericSchema][]);
  const required = [...all].flatMap(([key, { type }]) => (type === "optional" ? [] : [key]));
  return readingBy(schema, (given, config) => {
    const input = asObject(given);
    if (input === null || !required.every((key) => key in input)) return null;
    const value: Record<string, unknown> = {};
    for (const key of Object.keys(input)) {
      const read = all.get(key)?.["~run"]({ value: input[key] }, config);
      if (read === undefined || read.issues !== undefined) return null;
      value[key] = read.value;
    }
    return { typed: true, value };
  });
};

/** One of several objects, told apart by the text of a key. valibot tries them one after the other. */
export const variant = <Key extends string, T extends v.VariantOptions<Key>>(
  key: Key,
  options: T,
  message: Message,
) => {
  const byText = new Map(
    (options as readonly (v.GenericSchema & { readonly entries: v.ObjectEntries })[]).map((option) => [
      (option.entries[key] as { readonly literal?: unknown }).literal,
      option,
    ]),
  );
  return readingBy(
    v.variant(key, options, message),
    (input, config) => byText.get(asObject(input)?.[key])?.["~run"]({ value: input }, config) ?? null,
  );
};

/**
 * A key that may be absent, with the words that editors show for it.
 *
 * @param byDefault the value of an absent key, if it is a constant; otherwise the description has it in words
 */
export const optional = <T extends v.GenericSchema>(
  schema: T,
  description: string,
  byDefault?: string | number | boolean,
) => {
  const words = byDefault === undefined ? description : `${description} Default: ${byDefault}.`;
  // The schema for editors takes it from here, without reading the words.
  const metadata = byDefault === undefined ? {} : { default: byDefault };
  return readingBy(v.optional(v.pipe(schema, v.description(words), v.metadata(metadata))), (input, config) =>
    input === undefined ? null : schema["~run"]({ value: input }, config),
  );
};

/** A key that must be there, with the words that editors show for it. */
export const required = <T extends v.GenericSchema>(schema: T, description: string) =>
  readingBy(v.pipe(schema, v.description(description)), (input, config) =>
    schema["~run"]({ value: input }, config),
  );

/** Returns a value that the rules guarantee. Its absence is an internal error. */
export const guaranteed = <T>(value: T | null | undefined, what: string): T => {
  if (value === null || value === undefined) throw new Error(`the rules accepted a profile without ${what}`);
  return value;
};
