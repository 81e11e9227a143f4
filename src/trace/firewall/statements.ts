import { asList, asNumber, membersOf, asText, type JsonObject } from "../../values/json.ts";
import { type Action, CONTINUE, type Judged } from "./judged.ts";
import { equals, isAmong, type Scalar, type MatchValue } from "./compare.ts";
import { type Rule, type Ruleset, setOf } from "./ruleset.ts";
import type { PacketFields } from "./packet-fields.ts";
import { both, not, toTri, type Tri } from "./tri.ts";

/** A value, whether it is missing in the packet, which no rule matches, or not known. */
type Read = { readonly kind: "value"; readonly value: MatchValue } | { readonly kind: "absent" };

const known = (value: MatchValue): Read => ({ kind: "value", value });

/** Headers that a rule means by another name. */
const headerOf = (protocol: string): string => (protocol === "eth" ? "ether" : protocol);

const lookUp = ({ values, absent }: PacketFields, words: string): Read =>
  absent.has(words) ? { kind: "absent" } : known(values.get(words) ?? null);

const readPayload = (payload: JsonObject, fields: PacketFields): Read => {
  const [protocol, field] = [asText(payload["protocol"]), asText(payload["field"])];
  if (protocol === null || field === null) {
    const raw = `@${asText(payload["base"]) ?? ""},${String(payload["offset"])},${String(payload["len"])}`;
    return lookUp(fields, raw);
  }
  const header = headerOf(protocol);
  // `th` is whatever transport header the packet has (nft(8), "th").
  const own = header === "th" ? (["tcp", "udp"].find((one) => fields.headers.has(one)) ?? "th") : header;
  return fields.headers.has(own) ? lookUp(fields, `${own} ${field}`) : { kind: "absent" };
};

const bitsOf = (value: MatchValue): number | null => (typeof value === "number" ? value : null);

const readMasked = (sides: readonly unknown[], fields: PacketFields): Read => {
  const [left, right] = sides;
  const read = readValue(left, fields);
  const mask = asNumber(right);
  if (read.kind === "absent") return read;
  const bits = bitsOf(read.value);
  return known(bits === null || mask === null ? null : bits & mask);
};

/** Reads the left side of a comparison. */
const readValue = (left: unknown, fields: PacketFields): Read => {
  const json = membersOf(left);
  if (json["meta"] !== undefined)
    return lookUp(fields, `meta ${asText(membersOf(json["meta"])["key"]) ?? ""}`);
  if (json["payload"] !== undefined) return readPayload(membersOf(json["payload"]), fields);
  if (json["ct"] !== undefined) {
    const ct = membersOf(json["ct"]);
    const way = asText(ct["dir"]);
    return lookUp(fields, `ct ${way === null ? "" : `${way} `}${asText(ct["key"]) ?? ""}`);
  }
  if (json["fib"] !== undefined) {
    const fib = membersOf(json["fib"]);
    const flags = asList(fib["flags"]).map(String).sort().join(",");
    return lookUp(fields, `fib ${flags} ${asText(fib["result"]) ?? ""}`);
  }
  if (json["&"] !== undefined) return readMasked(asList(json["&"]), fields);
  if (json["concat"] !== undefined) {
    const parts = asList(json["concat"]).map((part) => readValue(part, fields));
    if (parts.some(({ kind }) => kind === "absent")) return { kind: "absent" };
    return known(
      parts.map((part) =>
        part.kind === "value" && !Array.isArray(part.value) ? (part.value as Scalar) : null,
      ),
    );
  }
  return known(null);
};

/** Elements of a set that a rule names, or has in itself. @returns null for a set that is not there */
const elementsOf = (right: unknown, rule: Rule, ruleset: Ruleset): readonly unknown[] | null => {
  const name = asText(right);
  if (name?.startsWith("@") === true) return setOf(ruleset, rule, name.slice(1))?.elements ?? null;
  const inner = membersOf(right)["set"];
  if (inner === undefined) return Array.isArray(right) ? asList(right) : [right];
  // One element alone is printed without a list.
  return Array.isArray(inner) ? asList(inner) : [inner];
};

const compareNumbers = (op: string, value: MatchValue, right: unknown): Tri => {
  const [one, other] = [bitsOf(value), asNumber(right)];
  if (one === null || other === null) return "unknown";
  switch (op) {
    case "<":
      return toTri(one < other);
    case ">":
      return toTri(one > other);
    case "<=":
      return toTri(one <= other);
    default:
      return toTri(one >= other);
  }
};

const matchOf = (match: JsonObject, rule: Rule, ruleset: Ruleset, fields: PacketFields): Tri => {
  const op = asText(match["op"]) ?? "==";
  const read = readValue(match["left"], fields);
  // A rule about what a packet does not have ends there (NFT_BREAK), whatever it compares with.
  if (read.kind === "absent") return "no";
  if (["<", ">", "<=", ">="].includes(op)) return compareNumbers(op, read.value, match["right"]);
  const elements = elementsOf(match["right"], rule, ruleset);
  if (elements === null) return "unknown";
  const found = isAmong(read.value, elements);
  return op === "!=" ? not(found) : found;
};

/** A verdict, as a statement or in a verdict map. */
const verdictOf = (statement: JsonObject): Action | null => {
  const [name = ""] = Object.keys(statement);
  switch (name) {
    case "accept":
    case "drop":
    case "return":
    case "continue":
      return { kind: name };
    case "reject":
      return { kind: "drop" };
    case "jump":
    case "goto":
      return { kind: name, chain: asText(membersOf(statement[name])["target"]) ?? "" };
    case "snat":
    case "masquerade":
      return { kind: "rewrite", what: "source" };
    case "dnat":
    case "redirect":
      return { kind: "rewrite", what: "destination" };
    case "queue":
    case "tproxy":
    case "synproxy":
    case "fwd":
      return { kind: "elsewhere" };
    default:
      return null;
  }
};

/** Reads a verdict map: the verdict of the element that is the packet's. */
const mapped = (vmap: JsonObject, rule: Rule, ruleset: Ruleset, fields: PacketFields): Judged => {
  const read = readValue(vmap["key"], fields);
  const pairs = elementsOf(vmap["data"], rule, ruleset);
  if (read.kind === "absent") return { matches: "no", action: CONTINUE };
  if (pairs === null) return { matches: "unknown", action: { kind: "elsewhere" } };
  for (const pair of pairs) {
    const [key, data] = asList(pair);
    const found = equals(read.value, key);
    if (found === "unknown") return { matches: "unknown", action: { kind: "elsewhere" } };
    if (found === "yes") return { matches: "yes", action: verdictOf(membersOf(data)) ?? CONTINUE };
  }
  return { matches: "no", action: CONTINUE };
};

/** Statements that let a packet pass only now and then. */
const depends = (statement: JsonObject): boolean =>
  statement["limit"] !== undefined ||
  statement["quota"] !== undefined ||
  statement["ct count"] !== undefined ||
  asList(membersOf(statement["set"])["stmt"]).length > 0;

const markOf = (statement: JsonObject): number | null | undefined => {
  const { key, value } = membersOf(statement["mangle"]);
  const meta = asText(membersOf(membersOf(key)["meta"])["key"]);
  return meta === "mark" ? asNumber(value) : undefined;
};

/** Judges a rule of nft's own statements, one after the other, as the kernel does. */
export const judgeStatements = (rule: Rule, ruleset: Ruleset, fields: PacketFields): Judged => {
  let matches: Tri = "yes";
  let mark: number | null | undefined;
  for (const statement of rule.statements) {
    if (statement["match"] !== undefined)
      matches = both(matches, matchOf(membersOf(statement["match"]), rule, ruleset, fields));
    else if (statement["vmap"] !== undefined) {
      const found = mapped(membersOf(statement["vmap"]), rule, ruleset, fields);
      return { ...found, matches: both(matches, found.matches) };
    } else if (depends(statement)) matches = both(matches, "unknown");
    else {
      mark = markOf(statement) ?? mark;
      const action = verdictOf(statement);
      if (action !== null) return { matches, action, ...(mark === undefined ? {} : { mark }) };
    }
    if (matches === "no") return { matches, action: CONTINUE };
  }
  return { matches, action: CONTINUE, ...(mark === undefined ? {} : { mark }) };
};
