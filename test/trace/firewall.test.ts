import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { judgeHook, type Firewall, type Judgement } from "../../src/trace/firewall/evaluate.ts";
import { parseSaved } from "../../src/trace/firewall/iptables.ts";
import { chainsAt, parseRuleset } from "../../src/trace/firewall/ruleset.ts";
import { discoveryFields, fieldsOf } from "../../src/trace/firewall/packet-fields.ts";
import type { Packet } from "../../src/trace/packet.ts";
import { NO_PLACE } from "../../src/trace/path/filters.ts";
import { address } from "./recorded.ts";

const PACKET: Packet = {
  ...{ family: "ipv4", source: address("192.0.2.11"), destination: address("203.0.113.9") },
  ...{ protocol: { name: "icmp" }, size: 1500, reply: false },
};
const PLACE = { ...NO_PLACE, in: { name: "g11-1", group: 76 }, out: { name: "up1", group: 0 } };

const judge = (firewall: Firewall, more: Partial<Packet> = {}, families = ["ip", "inet"]): Judgement =>
  judgeHook(
    chainsAt(firewall.ruleset, families, "forward", null),
    fieldsOf({ ...PACKET, ...more }, PLACE),
    firewall,
  );

/** A chain of the forward hook with these rules, as nft prints them. */
const chain = (policy: string, ...rules: readonly (readonly object[])[]): Firewall => ({
  ruleset: parseRuleset({
    nftables: [
      {
        chain: {
          ...{ family: "inet", table: "t", name: "f", handle: 1 },
          ...{ type: "filter", hook: "forward", prio: 0, policy },
        },
      },
      { chain: { family: "inet", table: "t", name: "sub", handle: 2 } },
      {
        set: {
          family: "inet",
          table: "t",
          name: "own",
          type: "ipv4_addr",
          elem: ["192.0.2.11", "192.0.2.12"],
        },
      },
      ...rules.map((expr, at) => ({
        rule: { family: "inet", table: "t", chain: "f", handle: at + 10, expr },
      })),
      { rule: { family: "inet", table: "t", chain: "sub", handle: 90, expr: [{ drop: null }] } },
    ],
  }),
  saved: new Map(),
});

const match = (left: object, right: unknown, op = "==") => ({ match: { op, left, right } });
const meta = (key: string) => ({ meta: { key } });
const field = (protocol: string, name: string) => ({ payload: { protocol, field: name } });
const DROP = { drop: null };
const ACCEPT = { accept: null };

test.each<[string, object, Partial<Packet>]>([
  ["the device", match(meta("iifname"), "g11-1"), {}],
  ["a device's group", match(meta("iifgroup"), { set: [76, 79] }), {}],
  ["names with a wildcard", match(meta("iifname"), "g11-*"), {}],
  ["a prefix", match(field("ip", "saddr"), { prefix: { addr: "192.0.2.0", len: 24 } }), {}],
  ["a range", match(field("ip", "daddr"), { range: ["203.0.113.1", "203.0.113.20"] }), {}],
  ["a named set", match(field("ip", "saddr"), "@own"), {}],
  ["what is not in a set", match(field("ip", "daddr"), "@own", "!="), {}],
  ["a connection's state", match({ ct: { key: "state" } }, ["new", "untracked"], "in"), {}],
  ["an answer", match({ ct: { key: "state" } }, { set: ["established", "related"] }), { reply: true }],
  ["a port", match(field("tcp", "dport"), 443), { protocol: { name: "tcp", port: 443 } }],
  ["ports", match(field("th", "dport"), { range: [1, 1023] }), { protocol: { name: "udp", port: 53 } }],
  ["a protocol", match(meta("l4proto"), "icmp"), {}],
  ["a type of ICMP", match(field("icmp", "type"), "echo-request"), {}],
  [
    "several fields at once",
    match(
      { concat: [meta("iifname"), field("ip", "saddr")] },
      { set: [{ concat: ["g11-1", "192.0.2.11"] }] },
    ),
    {},
  ],
])("a rule matches %s, and its negation does not", (_, expression, more) => {
  expect(judge(chain("accept", [expression, DROP]), more)).toMatchObject({ kind: "drops" });
  const { match: own } = expression as { readonly match: { readonly op: string } };
  const inverse = { match: { ...own, op: own.op === "!=" ? "==" : "!=" } };
  expect(judge(chain("accept", [inverse, DROP]), more)).toMatchObject({ kind: "passes" });
});

test("a rule about a header that the packet does not have matches neither way", () => {
  for (const op of ["==", "!="])
    expect(judge(chain("accept", [match(field("tcp", "dport"), 22, op), DROP]))).toMatchObject({
      kind: "passes",
    });
});

test.each([
  ["by its place, against a number", { payload: { base: "th", offset: 64, len: 128 } }],
  ["by its name, as nft prints it from 1.0.7 on", field("icmpv6", "taddr")],
])("the target of neighbour discovery is read %s", (_, left) => {
  const own = address("2001:db8::11");
  for (const right of ["0x20010db8000000000000000000000011", "2001:db8::11"]) {
    const firewall = chain("accept", [match(left, right, "!="), DROP]);
    const judged = (target: typeof own): Judgement =>
      judgeHook(
        chainsAt(firewall.ruleset, ["inet"], "forward", null),
        discoveryFields("nd-neighbor-advert", own, target, PLACE),
        firewall,
      );
    expect(judged(own)).toMatchObject({ kind: "passes" });
    expect(judged(address("2001:db8::12"))).toMatchObject({ kind: "drops" });
  }
});

test("the order decides, and the policy what is left", () => {
  expect(judge(chain("drop"))).toMatchObject({ kind: "drops", cause: { rule: null, base: { chain: "f" } } });
  expect(judge(chain("drop", [ACCEPT], [DROP]))).toMatchObject({ kind: "passes" });
  expect(judge(chain("accept", [{ jump: { target: "sub" } }]))).toMatchObject({
    kind: "drops",
    cause: { rule: { handle: 90 }, base: { chain: "f" } },
  });
  expect(judge(chain("accept", [match(meta("iifname"), "x"), { goto: { target: "sub" } }]))).toMatchObject({
    kind: "passes",
  });
  const vmap = {
    vmap: {
      key: { ct: { key: "state" } },
      data: {
        set: [
          ["new", DROP],
          ["established", ACCEPT],
        ],
      },
    },
  };
  expect(judge(chain("accept", [vmap]))).toMatchObject({ kind: "drops" });
  expect(judge(chain("drop", [vmap]), { reply: true })).toMatchObject({ kind: "passes" });
});

test("a mark that a rule sets is the packet's from there on", () => {
  const set = { mangle: { key: meta("mark"), value: 7 } };
  expect(judge(chain("accept", [set], [match(meta("mark"), 7), DROP]))).toMatchObject({ kind: "drops" });
  expect(judge(chain("accept", [match(meta("mark"), 7), DROP]))).toMatchObject({ kind: "passes" });
});

test("what cannot be evaluated is named, and only where the result depends on it", () => {
  const limit = { limit: { rate: 3, per: "minute" } };
  expect(judge(chain("drop", [limit, ACCEPT]))).toMatchObject({ kind: "unsure", rules: [{ handle: 10 }] });
  expect(judge(chain("accept", [limit, ACCEPT]))).toMatchObject({ kind: "passes" });
  expect(judge(chain("drop", [limit, DROP]))).toMatchObject({ kind: "drops" });
  expect(judge(chain("accept", [match({ socket: { key: "mark" } }, 1), DROP]))).toMatchObject({
    kind: "unsure",
  });
});

const docker = (): Firewall => ({
  ruleset: parseRuleset(JSON.parse(readFileSync("fixtures/trace/docker.json", "utf8"))),
  saved: parseSaved("ip", readFileSync("fixtures/trace/docker.save", "utf8")),
});

test("the rules of iptables are read in its own words, where nft knows only an extension's name", () => {
  // An answer is accepted by the conntrack rule, behind one for another device.
  expect(judge(docker(), { reply: true })).toMatchObject({ kind: "passes" });
  expect(judge(docker(), { protocol: { name: "tcp", port: 443 } })).toMatchObject({ kind: "passes" });
  expect(judge(docker(), { protocol: { name: "tcp", port: 22 } })).toMatchObject({
    kind: "drops",
    cause: { rule: { chain: "FORWARD" } },
  });
  // Neither the rate limit nor what is behind it lets UDP pass.
  expect(judge(docker(), { protocol: { name: "udp", port: 53 } })).toMatchObject({
    kind: "drops",
    cause: { rule: null, base: { table: "filter", chain: "FORWARD" } },
  });
});

test("without iptables-save the same rules are not guessed", () => {
  expect(judge({ ...docker(), saved: new Map() }, { protocol: { name: "udp", port: 53 } })).toMatchObject({
    kind: "unsure",
  });
});

const recorded = (name: string): unknown => JSON.parse(readFileSync(`fixtures/trace/${name}`, "utf8"));

/** The rules of a new ufw 0.36.2, enabled with its own defaults, under iptables-nft 1.8.9. */
const ufw = (): Firewall => ({
  ruleset: parseRuleset(recorded("ufw.json")),
  saved: new Map([
    ...parseSaved("ip", readFileSync("fixtures/trace/ufw.save", "utf8")),
    ...parseSaved("ip6", readFileSync("fixtures/trace/ufw.save6", "utf8")),
  ]),
});
/** The rules of a new firewalld 1.3.3, in its zone public. */
const firewalld = (): Firewall => ({ ruleset: parseRuleset(recorded("firewalld.json")), saved: new Map() });

const IPV6: Partial<Packet> = {
  ...{ family: "ipv6", source: address("2001:db8:1::11"), destination: address("2001:db8:ffff::9") },
};
const HTTPS = { protocol: { name: "tcp", port: 443 } } as const;
const V4 = ["ip", "inet"];
const V6 = ["ip6", "inet"];

test("ufw forwards echo requests and answers, and drops everything else by its policy", () => {
  expect(judge(ufw())).toMatchObject({ kind: "passes" });
  expect(judge(ufw(), { ...HTTPS, reply: true })).toMatchObject({ kind: "passes" });
  expect(judge(ufw(), HTTPS)).toMatchObject({
    kind: "drops",
    cause: { rule: null, base: { family: "ip", table: "filter", chain: "FORWARD" } },
  });
  expect(judge(ufw(), IPV6, V6)).toMatchObject({ kind: "passes" });
  expect(judge(ufw(), { ...IPV6, ...HTTPS, reply: true }, V6)).toMatchObject({ kind: "passes" });
  expect(judge(ufw(), { ...IPV6, ...HTTPS }, V6)).toMatchObject({
    kind: "drops",
    cause: { rule: null, base: { family: "ip6", table: "filter", chain: "FORWARD" } },
  });
});

test("firewalld forwards answers, and rejects everything else by its last rule", () => {
  for (const { more, families } of [
    { more: {}, families: V4 },
    { more: IPV6, families: V6 },
  ]) {
    expect(judge(firewalld(), { ...more, reply: true }, families)).toMatchObject({ kind: "passes" });
    for (const protocol of [PACKET.protocol, HTTPS.protocol])
      expect(judge(firewalld(), { ...more, protocol }, families)).toMatchObject({
        kind: "drops",
        cause: { rule: { chain: "filter_FWD_public" } },
      });
  }
});
