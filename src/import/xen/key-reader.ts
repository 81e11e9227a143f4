import { isSecret, withoutSecrets, type TextValue, type Value } from "./syntax/value.ts";
import type { Origin, Report, Given } from "../report/report.ts";
import type { Issue } from "../../values/issue.ts";
import { type Effective, type EffectiveConfig, readNumber } from "./syntax/effective.ts";

/** An item of a list, with its place: `vif[1]`. */
export interface Item {
  readonly value: TextValue;
  readonly origin: Origin;
}

export const isText = (value: Value): value is TextValue =>
  value.kind === "string" || value.kind === "number";

/** Returns whether a value turns something off. */
const isOffValue = (value: Value): boolean => {
  switch (value.kind) {
    case "string":
    case "number":
      return ["0", "", "none"].includes(value.text);
    case "constant":
      return value.text !== "True";
    case "list":
      return value.items.length === 0;
    case "dict":
      return false;
  }
};

/** A value for the report: short, on one line, without passwords. */
export const showValue = (key: string, value: Value): string => {
  if (isSecret(key)) return "…";
  // QEMU's arguments: one may name a password that another one holds.
  if (key.startsWith("device_model_args") && isSecret(JSON.stringify(value))) return "[…]";
  if (value.kind === "list")
    return value.items.length === 0
      ? "[]"
      : `[${value.items.map((item) => showValue(key, item)).join(", ")}]`;
  if (value.kind === "dict") return value.entries.length === 0 ? "{}" : "{…}";
  return value.kind === "string" ? JSON.stringify(withoutSecrets(value.text)) : value.text;
};

const NOWHERE = { line: 1, column: 1 };

/** Reads the keys of a configuration file, each in the way that xl does, and remembers which were asked for. */
export class KeyReader {
  readonly report: Report;
  readonly #keys: EffectiveConfig["keys"];
  readonly #read = new Set<string>();
  /** What was read before: it is reported once, however many ask for it. */
  readonly #items = new Map<string, readonly Item[]>();

  constructor({ keys }: EffectiveConfig, report: Report) {
    this.#keys = keys;
    this.report = report;
  }

  /** Whether the file has the key with something in it. */
  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Whether the file has the key, with a value that turns something off. */
  isOff(key: string): boolean {
    const found = this.#keys.get(key);
    return found !== undefined && isOffValue(found.value);
  }

  /** Whether the file has a list under the key. */
  isList(key: string): boolean {
    return this.#keys.get(key)?.value.kind === "list";
  }

  /** The text of a key for a guess, which accounts for nothing; empty without one. */
  hint(key: string): string {
    const value = this.#keys.get(key)?.value;
    return value !== undefined && isText(value) ? value.text : "";
  }

  #find(key: string): Effective | null {
    this.#read.add(key);
    return this.#keys.get(key) ?? null;
  }

  origin(key: string): Origin {
    const found = this.#keys.get(key);
    const shown = found === undefined ? "" : showValue(key, found.value);
    return { at: found?.at ?? NOWHERE, path: [key], found: shown };
  }

  given<T>(key: string, value: T): Given<T> {
    return { ...this.origin(key), value };
  }

  refuse(key: string, message: string, at?: Issue["position"]): null {
    this.report.refuse(
      "xen-value",
      { at: at ?? this.#keys.get(key)?.value.at ?? NOWHERE, path: [key] },
      message,
    );
    return null;
  }

  /** A string, or a number as text. What is neither, xl ignores with a warning. */
  text(key: string): Given<string> | null {
    const found = this.#find(key);
    if (found === null) return null;
    const { value } = found;
    if (isText(value)) return this.given(key, value.text);
    if (value.kind === "constant" && value.text === "None") {
      this.report.dropped(this.origin(key), "None has no effect");
      return null;
    }
    if (value.kind === "constant") return this.given(key, value.text);
    this.report.dropped(
      this.origin(key),
      `must be a string, found a ${value.kind}: Xen ignores it`,
      "person",
    );
    return null;
  }

  /** A whole number, as number or as text. */
  number(key: string, min: number, max: number): Given<number> | null {
    const found = this.#find(key);
    if (found === null) return null;
    const number = readNumber(found.value);
    if (number === null || number < min || number > max)
      return this.refuse(
        key,
        `must be a whole number from ${min} to ${max}, found ${showValue(key, found.value)}`,
      );
    return this.given(key, number);
  }

  /** A switch: 0 is off, any other number on. */
  flag(key: string): Given<boolean> | null {
    const found = this.#find(key);
    if (found === null) return null;
    if (found.value.kind === "string" && found.value.text.trim() === "") return this.given(key, false);
    const number = readNumber(found.value);
    if (number === null) return this.refuse(key, `must be 0 or 1, found ${showValue(key, found.value)}`);
    return this.given(key, number !== 0);
  }

  /** The items of a list. For xl, an item that is not a string ends the list; here it is an error. */
  items(key: string): readonly Item[] {
    const found = this.#find(key);
    if (found === null) return [];
    const { value } = found;
    if (value.kind !== "list") {
      const isEmpty =
        (value.kind === "constant" && value.text === "None") ||
        (value.kind === "string" && value.text === "");
      const why = "must be a list in [ ]; Xen ignores other values: decide what was intended";
      this.report.dropped(this.origin(key), isEmpty ? "it is empty" : why, isEmpty ? "note" : "person");
      return [];
    }
    if (value.items.length === 0) this.report.taken(this.origin(key), "there is none");
    return value.items.flatMap((item, index): readonly Item[] => {
      if (isText(item))
        return [{ value: item, origin: { at: item.at, path: [key, index], found: showValue(key, item) } }];
      this.report.refuse(
        "xen-value",
        { at: item.at, path: [key, index] },
        `must be a string, found a ${item.kind}`,
      );
      return [];
    });
  }

  /** A list of lists of strings. Anything else in it is absent from the result. */
  lists(key: string): readonly (readonly string[])[] {
    const value = this.#find(key)?.value;
    if (value === undefined) return [];
    const items = value.kind === "list" ? value.items : [value];
    return items.map((item) =>
      item.kind === "list" ? item.items.flatMap((inner) => (isText(inner) ? [inner.text] : [])) : [],
    );
  }

  /** A list of strings, or one string. */
  itemsOrText(key: string): readonly Item[] {
    const known = this.#items.get(key) ?? this.#readItems(key);
    this.#items.set(key, known);
    return known;
  }

  #readItems(key: string): readonly Item[] {
    const value = this.#keys.get(key)?.value;
    if (value === undefined || value.kind === "list") return this.items(key);
    const text = this.text(key);
    return text === null || !isText(value) ? [] : [{ value, origin: this.origin(key) }];
  }

  /** The keys that were never read. */
  rest(): readonly string[] {
    return [...this.#keys.keys()].filter((key) => !this.#read.has(key));
  }
}
