import { isSecret, withoutSecrets } from "./syntax/secrecy.ts";
import type { TextValue, Value } from "./syntax/value.ts";
import type { Origin } from "../report/account.ts";

/** An item of a list, with its place: `vif[1]`. */
export interface Item {
  readonly value: TextValue;
  readonly origin: Origin;
}

export const isText = (value: Value): value is TextValue =>
  value.kind === "string" || value.kind === "number";

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
