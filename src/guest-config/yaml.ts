import { stringify } from "yaml";

/** Returns a value as YAML 1.1, where 52:54:00:12:34:56 without quotes is a number of base 60 and "no" is false. */
export const toYaml = (value: unknown): string =>
  stringify(value, {
    version: "1.1",
    lineWidth: 0,
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
  });
