import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { genxml } from "../../src/commands/genxml/program.ts";
import { guestnet } from "../../src/commands/guestnet/program.ts";
import { type Outline, toOutline } from "../../src/commands/shared/outline.ts";
import { roff } from "../../src/manual/roff.ts";
import { keyGroups, type Schema } from "../../src/manual/schema-keys.ts";

const page = (file: string): string => readFileSync(`dist/man/${file}`, "utf8");
const PAGES = ["genxml.1", "guest.json.5", "guestnet-hook.7", "guestnet.8", "host.json.5"];
const sections = (text: string): readonly string[] =>
  [...text.matchAll(/^\.SH (.*)$/gm)].map(([, heading = ""]) => heading);

test("package.json names every page that the build makes, and no other", () => {
  const { man, files } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly man: readonly string[];
    readonly files: readonly string[];
  };
  expect(readdirSync("dist/man").sort()).toEqual(PAGES);
  expect([...man].sort()).toEqual(PAGES.map((file) => `dist/man/${file}`));
  expect(files).toContain("dist");
});

test.each(PAGES)("%s is a page of its section, of plain ASCII, and says where to read further", (file) => {
  const text = page(file);
  const [, name = "", number = ""] = /^(.+)\.(\d)$/.exec(file) ?? [];
  expect(text.startsWith(`.TH ${roff(name.toUpperCase())} ${number} `)).toBe(true);
  expect(text).toContain(`.SH NAME\n${roff(name)} \\- `);
  expect(sections(text).at(-1)).toBe("SEE ALSO");
  expect(text).toMatch(/^[\x20-\x7e\n]+$/);
  // A line that begins with a dot is a request; all others are text.
  const requests = new Set(text.split("\n").flatMap((line) => /^\.([A-Za-z]*)/.exec(line)?.[1] ?? []));
  expect(["EE", "EX", "PP", "SH", "SS", "TH", "TP", "br"]).toEqual(expect.arrayContaining([...requests]));
});

test("every page that SEE ALSO names as ours is there", () => {
  const named = PAGES.flatMap((file) =>
    [...(page(file).split(".SH SEE ALSO\n")[1] ?? "").matchAll(/\\fB(.+?)\\fR\((\d)\)/g)].map(
      ([, name = "", number = ""]) => `${name.replaceAll("\\-", "-")}.${number}`,
    ),
  );
  const ours = named.filter((file) => /^(genxml|guestnet|guest\.json|host\.json)/.test(file));
  expect(new Set(ours)).toEqual(new Set(PAGES));
});

const below = (command: Outline): readonly Outline[] => [command, ...command.commands.flatMap(below)];
const plain = (text: string): string => text.replaceAll(/\\f[BIR]/g, "").replaceAll(/\s+/g, " ");

describe.each([
  ["genxml.1", genxml],
  ["guestnet.8", guestnet],
] as const)("%s", (file, program) => {
  const text = page(file);
  const outline = toOutline(program());

  test("has the sections of a program's page", () => {
    expect(sections(text)).toEqual([
      ...["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS"],
      ...["FILES", "ENVIRONMENT", "EXAMPLES", "SEE ALSO"],
    ]);
  });

  test("has every command with its arguments, options, choices and defaults", () => {
    const flat = plain(text);
    for (const { usage, options, arguments: all, description } of below(outline)) {
      expect(flat).toContain(plain(roff(usage)));
      expect(flat).toContain(plain(roff(description)));
      for (const one of [...options, ...all]) {
        const shown = one.notes === "" ? one.description : `${one.description} (${one.notes})`;
        expect(flat).toContain(plain(roff(shown)));
      }
      for (const { flags } of options) expect(flat).toContain(plain(roff(flags)));
    }
  });

  test("has every exit code", () => {
    const status = text.split(".SH EXIT STATUS\n")[1]?.split(".SH ")[0] ?? "";
    const codes = [...status.matchAll(/^\\fB(\d+)\\fR$/gm)].map(([, code]) => code);
    expect(codes).toEqual(expect.arrayContaining(["0", "1", "64", "70"]));
  });
});

describe.each(["guest", "host"])("%s.json.5", (name) => {
  const text = page(`${name}.json.5`);
  const schema = JSON.parse(readFileSync(`schema/${name}.schema.json`, "utf8")) as Schema;
  const groups = keyGroups(schema);

  test("has every key with the words of the schema, its default among them", () => {
    const flat = plain(text);
    for (const { keys } of groups)
      for (const { path, values, required, description } of keys) {
        expect(description).not.toBe("");
        const shown = `${path} (${required ? "required; " : ""}${values}) ${description}`;
        expect(flat).toContain(plain(roff(shown)));
      }
  });
});

test("keys of one kind of object stand together, and an interface is told by its type", () => {
  const schema = JSON.parse(readFileSync("schema/guest.schema.json", "utf8")) as Schema;
  const groups = keyGroups(schema);
  const keysOf = (heading: string) =>
    groups.filter((group) => group.heading === heading).flatMap(({ keys }) => keys.map(({ path }) => path));
  expect(keysOf("")).toEqual(Object.keys(schema.properties ?? {}));
  expect(keysOf('interfaces with "type": "routed"')).toEqual(
    expect.arrayContaining(["addresses", "prefixes", "bandwidth.inbound.average"]),
  );
  expect(keysOf("vcpus")).toEqual(expect.arrayContaining(["count", "topology.cores"]));
  expect(keysOf('interfaces with "type": "routed"')).not.toContain("vlan");
});

test.each([
  [".br", "\\&.br"],
  ["-o 'a' `b` ~ ^", "\\-o \\(aqa\\(aq \\(gab\\(ga \\(ti \\(ha"],
  ["a\\b", "a\\eb"],
  ["1–4094 …", "1\\[u2013]4094 ..."],
])("roff reads %j as text", (text, escaped) => {
  expect(roff(text)).toBe(escaped);
});
