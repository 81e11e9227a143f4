import { asList, membersOf, asText, type JsonObject } from "../../../values/json.ts";
import type { Rule } from "../../../trace/firewall/ruleset.ts";

const SILENT: ReadonlySet<string> = new Set(["counter", "comment"]);

/** A value or a side of a comparison, about as nft(8) writes it. */
const valueText = (value: unknown): string => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  if (Array.isArray(value)) return asList(value).map(valueText).join(", ");
  const json = membersOf(value);
  const [name = ""] = Object.keys(json);
  const inner = membersOf(json[name]);
  switch (name) {
    case "meta":
      return asText(inner["key"]) ?? name;
    case "ct":
      return `ct ${asText(inner["key"]) ?? ""}`;
    case "payload":
      return inner["protocol"] === undefined
        ? `@${asText(inner["base"]) ?? ""},${String(inner["offset"])},${String(inner["len"])}`
        : `${asText(inner["protocol"]) ?? ""} ${asText(inner["field"]) ?? ""}`;
    case "prefix":
      return `${asText(inner["addr"]) ?? ""}/${String(inner["len"])}`;
    case "range":
      return asList(json[name]).map(valueText).join("-");
    case "set":
      return `{ ${asList(json[name]).map(valueText).join(", ") || valueText(json[name])} }`;
    case "concat":
      return asList(json[name]).map(valueText).join(" . ");
    case "fib":
      return `fib ${asList(inner["flags"]).map(String).join(" . ")} ${asText(inner["result"]) ?? ""}`;
    case "&":
      return asList(json[name]).map(valueText).join(" & ");
    default:
      return name;
  }
};

const statementText = (statement: JsonObject): string => {
  const [name = ""] = Object.keys(statement);
  const inner = membersOf(statement[name]);
  if (name === "match") {
    const op = asText(inner["op"]) ?? "==";
    return `${valueText(inner["left"])} ${op === "==" || op === "in" ? "" : `${op} `}${valueText(inner["right"])}`;
  }
  if (name === "jump" || name === "goto") return `${name} ${asText(inner["target"]) ?? ""}`;
  if (name === "xt") return `${asText(inner["type"]) ?? "extension"} ${asText(inner["name"]) ?? ""}`;
  return name;
};

/** Returns a rule in one line, with its comment. */
export const ruleText = ({ statements, comment }: Rule): string => {
  const words = statements.filter((one) => !SILENT.has(Object.keys(one)[0] ?? "")).map(statementText);
  return [...words, ...(comment === null ? [] : [`"${comment}"`])].join(" ");
};
