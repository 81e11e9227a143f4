import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import fc from "../support/fast-check.ts";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { builtInText, renderDomain } from "../support/templates.ts";
import type { Issue, IssueCode } from "../../src/values/issue.ts";
import { readDocument } from "../../src/text/document.ts";
import { guestSchema } from "../../src/profile/schema/json-schema.ts";
import { parseProfile } from "../../src/profile/parse.ts";
import { siteSchema } from "../../src/site/schema.ts";
import { renderSchema } from "../../src/text/json-schema.ts";
import { parseSite } from "../../src/site/site.ts";
import { cases, hostNetworks } from "../support/cases.ts";
import { mutated } from "../support/mutated.ts";
import { keysOf, type Node, nodesOf, withDefaults } from "../support/schema-walk.ts";
import { writtenProfiles } from "../support/written-profiles.ts";

/** What is wrong with a text, by the parser; and, when nothing is, all that follows from it. */
interface Read {
  readonly problems: readonly Issue[];
  readonly meaning: () => string;
}

const readGuest = (text: string): Read => {
  const parsed = parseProfile(text);
  return parsed.ok
    ? {
        problems: [],
        meaning: () =>
          `${renderDomain(parsed.value, builtInText(parsed.value))}${JSON.stringify(parsed.value.cloudInit)}`,
      }
    : { problems: parsed.problems, meaning: () => "" };
};
const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner instanceof Map ? [...(inner as Map<string, unknown>)] : inner,
  );
const readHost = (text: string): Read => {
  const parsed = parseSite(text);
  return parsed.ok
    ? { problems: [], meaning: () => toJson(parsed.value) }
    : { problems: parsed.problems, meaning: () => "" };
};

type Written = readonly (readonly [name: string, text: string])[];
const inFolders = (file: string, folder: string): Written => [
  ...cases().flatMap((one) => {
    const text = one.read(file);
    return text === null ? [] : [[one.name, text] as const];
  }),
  ...readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, "utf8")] as const),
];

interface File {
  readonly file: string;
  readonly text: string;
  readonly read: (text: string) => Read;
  readonly written: Written;
}
const FILES: readonly File[] = [
  {
    file: "schema/guest.schema.json",
    text: renderSchema(guestSchema()),
    read: readGuest,
    written: [
      ...inFolders("guest.json", "fixtures/guests"),
      [
        "objects without keys",
        '{ "name": "t", "memory": "1 GiB", "cpu": {}, "tpm": {}, "rng": {}, "watchdog": {}, "cloudInit": {} }',
      ],
      [
        "one socket of two cores",
        '{ "name": "t", "memory": "1 GiB", "vcpus": { "count": 2, "topology": { "cores": 2 } } }',
      ],
    ],
  },
  {
    file: "schema/host.schema.json",
    text: renderSchema(siteSchema()),
    read: readHost,
    written: [
      ...inFolders("host.json", "fixtures/hosts"),
      ...hostNetworks().map(({ name, read: text }): readonly [string, string] => [
        name,
        text("host.json") ?? "",
      ]),
      ["nothing said", '{ "bridges": { "br0": {} }, "routed": {} }'],
    ],
  },
];

const guest = (...interfaces: readonly object[]): string =>
  JSON.stringify({ name: "t", memory: "1 GiB", interfaces });
const trunk = { type: "bridge", bridge: "br0" };
const bridge = (settings: object): string => JSON.stringify({ bridges: { br0: settings } });

/** What JSON Schema cannot say: there the parser alone refuses, with this code and message. */
const BEYOND: readonly {
  readonly code: IssueCode;
  readonly message: RegExp;
  readonly why: string;
  readonly example: string;
  /** The file of the example; a profile where none is named. */
  readonly file?: "host.json";
}[] = [
  {
    code: "duplicate-key",
    message: /duplicate key/,
    why: "it sees one of the two keys",
    example: '{ "name": "t", "name": "t", "memory": "1 GiB" }',
  },
  {
    code: "duplicate",
    message: /already/,
    why: "it does not compare values of different places",
    example: guest(
      { type: "routed", addresses: ["192.0.2.1"] },
      { type: "routed", addresses: ["192.0.2.1"] },
    ),
  },
  {
    code: "vlan-overlap",
    message: /./,
    why: "it does not compare ranges",
    example: guest({ ...trunk, trunk: [30, "20-40"] }),
  },
  {
    code: "vlan-range",
    message: /found "\d{1,4}-\d{1,4}"$/,
    why: "it does not see that a range goes up, and to 4094 at most",
    example: guest({ ...trunk, trunk: ["40-20"] }),
  },
  {
    code: "vlan-choice",
    message: /^VLAN \d+ is /,
    why: "it does not compare keys of an object with ranges",
    example: guest({ ...trunk, trunk: [30], vlanAddresses: { 31: { addresses: [] } } }),
  },
  {
    code: "vlan-name",
    message: /no host\.json found/,
    why: "the names are in another file",
    example: guest({ ...trunk, vlan: "servers" }),
  },
  {
    code: "address",
    message: /found "[0-9A-Fa-f:./-]+"$/,
    why: "which addresses there are, and are a guest's, is arithmetic",
    example: guest({ type: "routed", addresses: ["192.0.2.256"] }),
  },
  {
    code: "prefix",
    message: /found "[0-9A-Fa-f:./-]+"$/,
    why: "host bits and families are arithmetic",
    example: guest({ type: "routed", addresses: ["192.0.2.1"], prefixes: ["198.51.100.1/28"] }),
  },
  {
    code: "cpu-set",
    message: /found "[0-9,^-]+"$/,
    why: "ranges are arithmetic",
    example: JSON.stringify({ name: "g", memory: "1 GiB", vcpus: { count: 1, pinning: "3-0" } }),
  },
  {
    code: "guest-name",
    message: /found ".*(?:…|\\ud[89a-f])/,
    why: "it counts characters, and takes half of a surrogate pair",
    example: JSON.stringify({ name: "\ud800", memory: "1 GiB" }),
  },
  {
    code: "gateway",
    message: /found "[0-9A-Fa-f:.]+"$/,
    why: "families and networks are arithmetic",
    example: guest({ type: "routed", addresses: ["192.0.2.1"], gateway: "fe80::1" }),
  },
  {
    code: "guest-name",
    message: /found ".*(?:[^ -~]|\\u[d][89a-f]).*"$/,
    why: "it counts characters and a file system counts bytes, and half a surrogate pair is a character to it",
    example: JSON.stringify({ name: "ü".repeat(121), memory: "1 GiB" }),
  },
  {
    code: "interface-name",
    message: /found ".*[^ -~].*"$/,
    why: "it counts characters and the kernel counts bytes",
    example: guest({ type: "routed", addresses: ["192.0.2.1"], vrf: "ü".repeat(8) }),
  },
  {
    code: "size",
    message: /found "[0-9.]+ ?[KMGT]iB"$/,
    why: "the limits depend on the unit, and memory limits maxMemory",
    example: JSON.stringify({ name: "t", memory: "65 TiB" }),
  },
  {
    code: "count",
    message: /at least count|sockets × cores|must be one set, or a list of/,
    why: "it neither multiplies nor compares keys",
    example: JSON.stringify({ name: "t", memory: "1 GiB", vcpus: { count: 4, topology: { cores: 3 } } }),
  },
  {
    code: "vlan-name",
    message: /^unknown VLAN name .* for bridge \S+?(;.*)? \(it has/,
    why: "it does not compare values with keys of another object",
    example: bridge({ vlans: { servers: 20 }, native: "mgmt" }),
    file: "host.json",
  },
  {
    code: "vlan-choice",
    message: /^(must be|requires) one VLAN/,
    why: "it does not see which names are ranges",
    example: bridge({ vlans: { office: "100-199" }, addresses: { office: { addresses: [] } } }),
    file: "host.json",
  },
  {
    code: "interface-name",
    message: /^requires the VLAN device/,
    why: "it does not join names",
    example: JSON.stringify({ bridges: { br0123456789: { addresses: { 1000: {} } } } }),
    file: "host.json",
  },
  {
    code: "prefix-overlap",
    message: /./,
    why: "which network is in which is arithmetic",
    example: JSON.stringify({ routed: { prefixes: ["192.0.2.0/24", "192.0.2.0/28"] } }),
    file: "host.json",
  },
  {
    code: "bond",
    message: /./,
    why: "it does not compare keys with the items of a list",
    example: JSON.stringify({ bonds: { bond0: { ports: ["eno1"], primary: "eno2" } } }),
    file: "host.json",
  },
  {
    code: "vrf",
    message: /./,
    why: "the names are keys of another object",
    example: JSON.stringify({ interfaces: { eno1: { vrf: "blue" } } }),
    file: "host.json",
  },
  {
    code: "vxlan",
    message: /^(?!must be a VNI)|found "\d+-\d+"$/,
    why: "it compares neither VNIs nor addresses",
    example: bridge({ vxlan: { local: "192.0.2.1", vnis: { 20: 1020, 30: 1020 }, peers: [] } }),
    file: "host.json",
  },
  {
    code: "mtu",
    message: /^MTU/,
    why: "it does not calculate",
    example: JSON.stringify({
      interfaces: { eno1: { addresses: ["192.0.2.1/24"] } },
      bridges: { br0: { vxlan: { local: "192.0.2.1", vnis: { 20: 1020 }, peers: [] } } },
    }),
    file: "host.json",
  },
];
const isBeyond = ({ code, message }: Issue): boolean =>
  BEYOND.some((one) => one.code === code && one.message.test(message));

describe.each(FILES)("$file", ({ file, text, read, written }) => {
  const schema = JSON.parse(text) as Node;
  const keys = nodesOf(schema).flatMap(keysOf);
  // What is of an editor's own is no word of JSON Schema. Types and keys of a rule are said by the object that it is a rule of.
  const validate = new Ajv({
    allErrors: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    keywords: ["allowComments", "allowTrailingCommas"],
  }).compile(schema);

  test("is what the parser's schema becomes", () => {
    if (process.env["GOLDEN"] === "1") writeFileSync(file, text);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test.each(keys)("explains $name, and what it is when left out", ({ node, required }) => {
    expect(node.description).toMatch(required ? /^.{10,}\.$/s : /^.{5,}\. Default: .+\.$/s);
    expect(node.type ?? node.const ?? node.enum ?? node.anyOf ?? node.oneOf).toBeDefined();
  });

  test("has no open object: what is unknown is an error", () => {
    const open = nodesOf(schema).filter(
      (node) => node.properties !== undefined && node.additionalProperties !== false,
    );
    expect(open).toEqual([]);
  });

  /** What only one of the two refuses, in words; null when they agree. */
  const disagreement = (document: string): string | null => {
    const parts = readDocument(document);
    // What is no JSON never meets a schema.
    if (!("root" in parts)) return null;
    const errors = read(document).problems.filter(({ severity }) => severity === "error");
    const fits = validate(parts.value);
    if (errors.length === 0)
      return fits ? null : `only the schema refuses: ${JSON.stringify(validate.errors)}`;
    const within = errors.filter((issue) => !isBeyond(issue));
    return fits && within.length > 0 ? `only the parser refuses: ${JSON.stringify(within)}` : null;
  };
  const values = written.flatMap(([, document]) => {
    const parts = readDocument(document);
    return "root" in parts ? [parts.value] : [];
  });

  test.each(written)("says of %s what the parser says", (_, document) => {
    expect(disagreement(document)).toBeNull();
  });

  test("says of files with mistakes by chance what the parser says", () => {
    const any = file.includes("guest")
      ? fc.oneof(writtenProfiles, fc.constantFrom(...values))
      : fc.constantFrom(...values);
    const names = [...new Set(nodesOf(schema).flatMap(({ properties }) => Object.keys(properties ?? {})))];
    fc.assert(
      fc.property(mutated(any, names), (value) => {
        expect(disagreement(JSON.stringify(value))).toBeNull();
      }),
      { numRuns: Number(process.env["RUNS"] ?? 2000) },
    );
  });

  test("states as default what a key is when it is left out", () => {
    const filled = new Set<string>();
    const tried = new Set<string>();
    for (const [name, document] of written) {
      const parts = readDocument(document);
      const before = read(document);
      if (!("root" in parts) || before.problems.length > 0) continue;
      const meaning = before.meaning();
      // Each key of each object that has a default and is left out, one at a time.
      for (const [path, value] of withDefaults(schema, parts.value)) {
        // What several files leave out alike is looked at once.
        const where = path.replaceAll(/\d+/g, "");
        if (tried.has(where)) continue;
        tried.add(where);
        const after = read(JSON.stringify(value));
        expect([name, path, after.problems]).toEqual([name, path, []]);
        expect([name, path, after.meaning()]).toEqual([name, path, meaning]);
        filled.add(path.replace(/^.*\./, ""));
      }
    }
    const stated = keys
      .filter(({ node }) => node.default !== undefined)
      .map(({ name }) => name.replace(/^.*\./, ""));
    expect([...filled].sort()).toEqual([...new Set(stated)].sort());
  });
});

const fitsGuest = new Ajv({ strict: false }).compile(guestSchema() as Node);
const fitsHost = new Ajv({ strict: false }).compile(siteSchema() as Node);
test.each(BEYOND)("only the parser knows $code: $why", ({ code, message, example, file }) => {
  const document = readDocument(example);
  const [read, fits] = file === "host.json" ? [readHost, fitsHost] : [readGuest, fitsGuest];
  const { problems } = read(example);
  expect("root" in document && fits(document.value)).toBe(true);
  expect(problems.map((issue) => issue.code)).toEqual([code]);
  expect(problems[0]?.message).toMatch(message);
});
