import { parseAddress } from "../../values/address.ts";
import { type Action, CONTINUE, type Judged } from "./judged.ts";
import { equals, isAmong, protocolName, type MatchValue } from "./compare.ts";
import type { ChainRef } from "./ruleset.ts";
import type { PacketFields } from "./packet-fields.ts";
import { any, both, not, type Tri } from "./tri.ts";

/** The rules of iptables-nft as iptables-save(8) prints them, by family, table and chain, each in its words. */
export type SavedRules = ReadonlyMap<string, readonly (readonly string[])[]>;

const keyOf = ({ family, table, chain }: ChainRef): string => `${family} ${table} ${chain}`;

/** Splits a line as iptables-restore(8) does: blanks, and double quotes with `\` in them. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    ([, quoted, plain = ""]) => quoted?.replace(/\\(.)/g, "$1") ?? plain,
  );

/** Reads what iptables-save or ip6tables-save prints. */
export const parseSaved = (family: "ip" | "ip6", text: string): SavedRules => {
  const rules = new Map<string, (readonly string[])[]>();
  let table = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("*")) table = line.slice(1).trim();
    if (!line.startsWith("-A ")) continue;
    const [, chain = "", ...words] = wordsOf(line);
    const key = keyOf({ family, table, chain });
    const known = rules.get(key) ?? [];
    rules.set(key, known);
    known.push(words);
  }
  return rules;
};

/** Returns the words of a rule that nft prints, or null where iptables did not make it. */
export const savedRule = (saved: SavedRules, rule: ChainRef & { readonly index: number }) =>
  saved.get(keyOf(rule))?.[rule.index] ?? null;

const toNetwork = (text: string): unknown => {
  const [address = "", length] = text.split("/");
  if (length === undefined) return address;
  const bits = length.includes(".")
    ? length
        .split(".")
        .map((byte) => Number(byte).toString(2).replaceAll("0", "").length)
        .reduce((sum, ones) => sum + ones, 0)
    : Number(length);
  return parseAddress(address) === null ? address : { prefix: { addr: address, len: bits } };
};

/** `80,443,8000:8100`: ports and ranges. */
const toPorts = (text: string): readonly unknown[] =>
  text.split(",").map((part) => {
    const [from = "", to] = part.split(":");
    return to === undefined ? Number(from) : { range: [Number(from || 0), Number(to || 65_535)] };
  });

const ICMP: Readonly<Record<string, string>> = {
  ...{ "0": "echo-reply", "8": "echo-request", "128": "echo-request", "129": "echo-reply" },
  ...{ "echo-request": "echo-request", "echo-reply": "echo-reply", any: "*" },
};

const valueOf = ({ values }: PacketFields, words: string): MatchValue => values.get(words) ?? null;

const within = (fields: PacketFields, words: string, elements: readonly unknown[]): Tri =>
  fields.absent.has(words) ? "no" : isAmong(valueOf(fields, words), elements);

const onPort = (fields: PacketFields, side: "sport" | "dport", ports: readonly unknown[]): Tri => {
  const header = ["tcp", "udp"].find((one) => fields.headers.has(one));
  return header === undefined ? "no" : within(fields, `${header} ${side}`, ports);
};

/** A name of a device with `+` at its end stands for all that begin so. */
const device = (text: string): string => text.replace(/\+$/, "*");

const marked = (fields: PacketFields, text: string): Tri => {
  const [value = "", mask = "0xffffffff"] = text.split("/");
  const mark = valueOf(fields, "meta mark");
  // Unsigned: a mark has 32 bits.
  return typeof mark === "number"
    ? (mark & Number(mask)) >>> 0 === Number(value) >>> 0
      ? "yes"
      : "no"
    : "unknown";
};

/** Options with a value, and how they match. */
const OPTIONS: Readonly<Record<string, (fields: PacketFields, value: string) => Tri>> = {
  "-i": (fields, name) => within(fields, "meta iifname", [device(name)]),
  "-o": (fields, name) => within(fields, "meta oifname", [device(name)]),
  "-s": (fields, network) => addressed(fields, "saddr", network),
  "-d": (fields, network) => addressed(fields, "daddr", network),
  "-p": (fields, name) =>
    name === "all" ? "yes" : equals(valueOf(fields, "meta l4proto"), protocolName(name)),
  "--ctstate": (fields, states) =>
    within(
      fields,
      "ct state",
      states.split(",").map((state) => state.toLowerCase()),
    ),
  "--state": (fields, states) =>
    within(
      fields,
      "ct state",
      states.split(",").map((state) => state.toLowerCase()),
    ),
  "--ctdir": (fields, way) => within(fields, "ct direction", [way.toLowerCase()]),
  "--comment": () => "yes",
  "--dport": (fields, port) => onPort(fields, "dport", toPorts(port)),
  "--sport": (fields, port) => onPort(fields, "sport", toPorts(port)),
  "--dports": (fields, ports) => onPort(fields, "dport", toPorts(ports)),
  "--sports": (fields, ports) => onPort(fields, "sport", toPorts(ports)),
  "--ports": (fields, ports) =>
    any([onPort(fields, "dport", toPorts(ports)), onPort(fields, "sport", toPorts(ports))]),
  "--icmp-type": (fields, type) => typed(fields, "icmp", type),
  "--icmpv6-type": (fields, type) => typed(fields, "icmpv6", type),
  "--dst-type": (fields, type) => within(fields, "fib daddr type", [type.toLowerCase()]),
  "--src-type": (fields, type) => within(fields, "fib saddr type", [type.toLowerCase()]),
  "--physdev-in": (fields, name) => within(fields, "physdev in", [device(name)]),
  "--physdev-out": (fields, name) => within(fields, "physdev out", [device(name)]),
  "--mark": marked,
  // Of a routing header of IPv6, which a traced packet does not have (ip6t_rt.c).
  "--rt-type": () => "no",
  "--mac-source": (fields, mac) => within(fields, "ether saddr", [mac.toLowerCase()]),
};

const inHeader = (fields: PacketFields, header: string, field: string, elements: readonly unknown[]): Tri =>
  fields.headers.has(header) ? within(fields, `${header} ${field}`, elements) : "no";

const addressed = (fields: PacketFields, side: "saddr" | "daddr", networks: string): Tri =>
  any(["ip", "ip6"].map((header) => inHeader(fields, header, side, networks.split(",").map(toNetwork))));

const typed = (fields: PacketFields, header: "icmp" | "icmpv6", type: string): Tri =>
  inHeader(fields, header, "type", [ICMP[type] ?? type]);

/** Options without a value, and how they match. */
const FLAGS: Readonly<Record<string, (fields: PacketFields) => Tri>> = {
  "--physdev-is-bridged": (fields) => (fields.values.get("physdev bridged") === true ? "yes" : "no"),
  "--syn": (fields) => (fields.values.get("ct state") === "new" ? "yes" : "no"),
};

/** Extensions that load options only. What is not here or in the options above is not evaluated. */
const REWRITES: Readonly<Record<string, "source" | "destination">> = {
  ...{ MASQUERADE: "source", SNAT: "source", DNAT: "destination", REDIRECT: "destination" },
};
const GOES_ON: ReadonlySet<string> = new Set([
  ...["LOG", "NFLOG", "TCPMSS", "CONNMARK", "CT", "NOTRACK", "CHECKSUM", "CLASSIFY", "DSCP", "TTL", "TRACE"],
  ...["SET", "AUDIT", "TEE", "SECMARK", "CONNSECMARK", "HL", "TOS"],
]);

const targetOf = (name: string): Action => {
  const rewrites = REWRITES[name];
  if (rewrites !== undefined) return { kind: "rewrite", what: rewrites };
  if (name === "ACCEPT") return { kind: "accept" };
  if (name === "DROP" || name === "REJECT") return { kind: "drop" };
  if (name === "RETURN") return { kind: "return" };
  if (GOES_ON.has(name) || name === "MARK") return CONTINUE;
  if (/^(NF)?QUEUE$|^TPROXY$|^SYNPROXY$/.test(name)) return { kind: "elsewhere" };
  return { kind: "jump", chain: name };
};

/** `MARK` sets the mark: how, is in its options, which are not read. */
const marks = (name: string): Pick<Judged, "mark"> => (name === "MARK" ? { mark: null } : {});

/** Judges a rule of iptables by the words of iptables-save. */
export const judgeSaved = (words: readonly string[], fields: PacketFields): Judged => {
  let matches: Tri = "yes";
  let inverted = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const value = words[at + 1] ?? "";
    if (word === "!") {
      inverted = true;
      continue;
    }
    if (word === "-j" || word === "-g") {
      const action = targetOf(value);
      return {
        matches,
        action: word === "-g" && action.kind === "jump" ? { kind: "goto", chain: action.chain } : action,
        ...marks(value),
      };
    }
    if (word === "-m") {
      at += 1;
      continue;
    }
    const [option, flag] = [OPTIONS[word], FLAGS[word]];
    const found =
      option !== undefined ? option(fields, value) : flag !== undefined ? flag(fields) : "unknown";
    matches = both(matches, inverted ? not(found) : found);
    inverted = false;
    if (option !== undefined) at += 1;
    else if (flag === undefined) {
      // An option that is not known here may have any number of values: they end at the next option.
      while (words[at + 1] !== undefined && !/^(-[-a-z]|!$)/.test(words[at + 1] ?? "")) at += 1;
    }
  }
  return { matches, action: CONTINUE };
};
