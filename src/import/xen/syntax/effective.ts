import type { Issue, Position } from "../../../values/issue.ts";
import type { Assignment, TextValue, Value, XenConfig } from "./value.ts";

/** The final value of a key. */
export interface Effective {
  readonly key: string;
  readonly at: Position;
  readonly value: Value;
}

export interface EffectiveConfig {
  readonly keys: ReadonlyMap<string, Effective>;
  /** Earlier ones, which xl drops silently. */
  readonly overridden: readonly { readonly assignment: Assignment; readonly by: Position }[];
  readonly issues: readonly Issue[];
}

const KINDS = {
  string: "a string",
  number: "a number",
  constant: "a constant",
  list: "a list",
  dict: "a dictionary",
} as const;

const append = (old: Value, more: Value): Value | null => {
  if (old.kind === "string" && more.kind === "string") {
    const joined: TextValue = { ...old, text: old.text + more.text, plain: false };
    return joined;
  }
  return old.kind === "list" && more.kind === "list"
    ? { ...old, items: [...old.items, ...more.items] }
    : null;
};

/** Goes through the assignments in order: the last `=` counts, and `+=` adds to it (libxlu_cfg.c). */
export const toEffective = ({ assignments }: XenConfig): EffectiveConfig => {
  const keys = new Map<string, Effective>();
  const last = new Map<string, readonly Assignment[]>();
  const overridden: { assignment: Assignment; by: Position }[] = [];
  const issues: Issue[] = [];
  for (const assignment of assignments) {
    const { key, at, operator, value } = assignment;
    const old = keys.get(key);
    if (operator === "+=" && (old !== undefined || value.kind === "number")) {
      const joined = old === undefined ? null : append(old.value, value);
      if (joined === null) {
        const rule = "+= must join two strings or two lists";
        const found =
          old === undefined ? KINDS[value.kind] : `${KINDS[value.kind]} behind ${KINDS[old.value.kind]}`;
        issues.push({
          severity: "error",
          code: "xen-value",
          path: [key],
          message: `${rule}, found ${found}`,
          position: value.at,
        });
      } else {
        keys.set(key, { key, at: old?.at ?? at, value: joined });
        last.set(key, [...(last.get(key) ?? []), assignment]);
      }
      continue;
    }
    for (const earlier of last.get(key) ?? []) overridden.push({ assignment: earlier, by: at });
    keys.set(key, { key, at, value });
    last.set(key, [assignment]);
  }
  return { keys, overridden, issues };
};

/** Reads a number as xl does, by strtoll: decimal, `0x` hexadecimal, leading-`0` octal; strings of them too. */
export const readNumber = (value: Value): number | null => {
  if (value.kind === "constant") return value.text === "True" ? 1 : 0;
  if (value.kind !== "string" && value.kind !== "number") return null;
  const text = value.text.trim();
  if (/^0x[0-9a-f]{1,12}$/i.test(text)) return parseInt(text, 16);
  if (/^0[0-7]{0,15}$/.test(text)) return parseInt(text, 8);
  return /^-?[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
};
