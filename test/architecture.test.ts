import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, normalize } from "node:path";
import ts from "typescript";

/** Who may import whom, and why: section 2 of the design language. A file that no row names may not be there. */
const TABLE: readonly { readonly of: RegExp; readonly may: RegExp; readonly why: string }[] = [
  {
    of: /^src\/model\//,
    may: /^src\/model\//,
    why: "the model is the nouns that all share: it imports nothing else of ours",
  },
  {
    of: /^src\/profile\//,
    may: /^src\/(model|profile)\//,
    why: "a profile is text: it knows no host and no XML",
  },
  {
    of: /^src\/site\//,
    may: /^src\/(model|profile|site)\//,
    why: "host.json is text of the profile's kind: it is read by the same parts, and no profile asks for its text",
  },
  {
    of: /^src\/fleet\//,
    may: /^src\/(model|profile|fleet)\//,
    why: "guests are compared by their profiles and texts: files, XML and hosts are not its business",
  },
  {
    of: /^src\/xen\//,
    may: /^src\/(model|xen)\//,
    why: "Xen's syntax is what it is, whatever becomes of the guest",
  },
  {
    of: /^src\/import\//,
    may: /^src\/(model|profile|xen|import)\//,
    why: "an import ends in a profile, as a person would write it, and in a report: no XML, no files, no host",
  },
  {
    of: /^src\/libvirt\/(render-.*)/,
    may: /^src\/(model|libvirt)\//,
    why: "what renders XML gets a complete profile and knows neither its text nor the host",
  },
  {
    of: /^src\/libvirt\//,
    may: /^src\/(model\/|libvirt\/(?!render-))/,
    why: "the hook reads XML and must not load what writes it",
  },
  {
    of: /^src\/guest-config\//,
    may: /^src\/(model|guest-config)\//,
    why: "what a guest is told follows from its profile alone, however that and the domain XML are written",
  },
  {
    of: /^src\/desired\//,
    may: /^src\/(model|desired)\//,
    why: "what should hold follows from the guest alone, never from what was observed",
  },
  {
    of: /^src\/observe\//,
    may: /^src\/(model|observe)\//,
    why: "what is observed must not depend on what is wanted",
  },
  {
    of: /^src\/plan\//,
    may: /^src\/(model|plan)\//,
    why: "a plan is made of facts, wherever they come from",
  },
  {
    of: /^src\/host\//,
    may: /^src\/(model|host)\//,
    why: "effects implement the ports of the model and decide nothing",
  },
  {
    of: /^src\/converge\.ts$/,
    may: /^src\/(model|observe|plan)\//,
    why: "converging takes its host as a parameter, so that every test can bring another",
  },
  {
    of: /^src\/promotion\.ts$/,
    may: /^src\/(model|desired|plan)\//,
    why: "what will be run for a guest that moves is calculated while there is time, and run by somebody else",
  },
  {
    of: /^src\/hook\//,
    may: /^src\/(model\/|hook\/|desired\/|converge\.ts)/,
    why: "an event says what to desire; how that is reached is not its business",
  },
  {
    of: /^src\/arrival\//,
    may: /^src\/(model|desired|plan|arrival)\//,
    why: "what is left to do for a guest on its way here is the plan from one desire to another, told to whoever waits",
  },
  {
    of: /^src\/cli\//,
    may: /^(src\/(?!host\/|hook\/)|templates\/)/,
    why: "the generator works with text and never touches a host",
  },
  {
    of: /^src\/survey\//,
    may: /^src\/(model\/|observe\/|plan\/|hook\/|survey\/|converge\.ts|libvirt\/(?!render-))/,
    why: "looking at all guests is what the hook does for one: whoever prints it or asks libvirt is told nothing else",
  },
  {
    of: /^src\/command-line\//,
    may: /^src\/command-line\//,
    why: "completions and manual pages are made of what commander knows, for either program",
  },
  {
    of: /^src\/diagram\//,
    may: /^src\/(model|diagram)\//,
    why: "a picture is made of NICs and uplinks, whether they come from profiles or from a host",
  },
  {
    of: /^src\/doctor\//,
    may: /^src\/(model|doctor)\//,
    why: "a check judges what was read of the host, whoever read it: then every finding can be tried without a host",
  },
  {
    of: /^src\/hotplug\//,
    may: /^(src\/(model|libvirt|profile|hotplug)\/|templates\/)/,
    why: "what a NIC is in a domain's XML follows from the profile and the XML: neither libvirt nor the host is asked",
  },
  {
    of: /^src\/guestnet\//,
    may: /^(src\/(?!cli\/)|templates\/)/,
    why: "guestnet works on the host with all parts; what it shares with genxml is no command",
  },
  {
    of: /^hooks\/load\.ts$/,
    may: /^(?!)/,
    why: "it stands in the hook's head, and whoever runs it reads it there",
  },
  {
    of: /^hooks\/qemu\.ts$/,
    may: /^src\/(host\/|hook\/|arrival\/|model\/|promotion\.ts|libvirt\/(?!render-))/,
    why: "root runs the hook at every start of a guest: it must stay small, and never load the programs",
  },
];

/** Packages that only some may import. */
const PACKAGES: readonly { readonly name: string; readonly in: RegExp; readonly why: string }[] = [
  { name: "commander", in: /^src\/(cli|guestnet|command-line)\//, why: "options are the programs' business" },
  { name: "picocolors", in: /^src\/guestnet\//, why: "only a screen has colours" },
  { name: "cli-progress", in: /^src\/cli\/progress\.ts$/, why: "only a terminal has a progress bar" },
  {
    name: "saxes",
    in: /^src\/(libvirt\/render-template|import\/domain-tree)\.ts$/,
    why: "people's templates have to be checked; what libvirt prints, the hook reads with less",
  },
  { name: "fast-xml-parser", in: /^src\/libvirt\/read-xml\.ts$/, why: "one file knows how XML is read" },
  { name: "valibot", in: /^src\/(profile|site)\//, why: "only people's text has to be checked" },
  {
    name: "@valibot/to-json-schema",
    in: /^src\/profile\//,
    why: "the schema for editors is the parser's, in other words",
  },
  { name: "jsonc-parser", in: /^src\/profile\//, why: "only people's text has comments" },
  { name: "yaml", in: /^src\/guest-config\//, why: "only cloud-init reads YAML" },
  { name: "execa", in: /^src\/cli\//, why: "it costs 25 ms" },
  { name: "node:fs", in: /^(src\/(host|cli|guestnet)|hooks)\//, why: "files are outside" },
  { name: "node:fs/promises", in: /^(src\/(host|cli|guestnet)|hooks)\//, why: "files are outside" },
  { name: "node:child_process", in: /^(src\/(host|cli|guestnet)|hooks)\//, why: "processes are outside" },
  { name: "node:os", in: /^(src\/(host|cli|guestnet)|hooks)\//, why: "the machine is outside" },
];

const files = ["src", "hooks"].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => join(root, file))
    .filter((file) => /\.tsx?$/.test(file)),
);
const source = (file: string): string => readFileSync(file, "utf8");

interface Import {
  readonly to: string;
  readonly own: boolean;
}
const importsIn = (file: string, text: string): readonly Import[] =>
  ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) =>
      fileName.startsWith(".")
        ? { to: normalize(join(file, "..", fileName)), own: true }
        : { to: fileName, own: false },
    );

/** A sentence for each import that the table does not allow. */
const wrongImports = (file: string, text = source(file)): readonly string[] => {
  const rule = TABLE.find(({ of }) => of.test(file));
  return importsIn(file, text).flatMap(({ to, own }) => {
    if (own) return rule === undefined || rule.may.test(to) ? [] : [`${file} imports ${to}, but ${rule.why}`];
    const limit = PACKAGES.find(({ name }) => to === name || to.startsWith(`${name}/`));
    return limit === undefined || limit.in.test(file) ? [] : [`${file} imports ${to}, but ${limit.why}`];
  });
};

test("every file imports what its folder may, and nothing else", () => {
  expect(files.filter((file) => !TABLE.some(({ of }) => of.test(file)))).toEqual([]);
  expect(files.flatMap((file) => wrongImports(file))).toEqual([]);
});

test("every file is one idea: at most 130 lines", () => {
  const long = files.flatMap((file) => {
    const lines = source(file).split("\n").length - 1;
    return lines > 130 ? [`${file}: ${lines} lines; when two ideas need one file, the folder is wrong`] : [];
  });
  expect(long).toEqual([]);
});

test("every file is named after its idea, in kebab-case", () => {
  const nameless = /^(utils?|helpers?|common|types?|misc|manager)\./;
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/;
  expect(files.filter((file) => nameless.test(basename(file)) || !kebab.test(basename(file)))).toEqual([]);
});

// Comments may talk of them; what runs may not touch them.
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
const OUTSIDE = /\b(Date\.now|new Date|Math\.random|performance\.|process\.|console\.|setTimeout|fetch\()/;

test("all but src/host, src/cli, src/guestnet and hooks is calculation: no clock, no chance, no environment, no printing", () => {
  const outside = files.flatMap((file) => {
    const found = OUTSIDE.exec(withoutComments(source(file)))?.[0];
    return found === undefined || /^(src\/(host|cli|guestnet|command-line)|hooks)\//.test(file)
      ? []
      : [`${file} uses ${found}`];
  });
  expect(outside).toEqual([]);
});

test.each([
  ["src/model/fact.ts", 'import type { Plan } from "../plan/plan.ts";'],
  ["src/desired/bridge-port.ts", 'import { observe } from "../observe/observe.ts";'],
  ["src/observe/link.ts", 'export { diff } from "../plan/diff.ts";'],
  ["src/converge.ts", 'import { runUntil } from "./host/run-child.ts";'],
  ["src/hook/handle.ts", 'import { parseDomain } from "../libvirt/parse-domain.ts";'],
  ["src/libvirt/parse-domain.ts", 'import { NAMESPACE } from "./render-wish.ts";'],
  ["src/xen/parse.ts", 'import { Account } from "../import/account.ts";'],
  ["src/import/import-xen.ts", 'import { renderDomain } from "../libvirt/render-domain.ts";'],
  ["src/profile/parse.ts", 'import { parseHost } from "../site/parse.ts";'],
  ["src/cli/genxml.ts", 'const { kernelFiles } = await import("../host/kernel-files.ts");'],
  ["src/guest-config/network-config.ts", 'import { parseProfile } from "../profile/parse.ts";'],
  ["src/hook/handle.ts", 'import { say } from "../guestnet/say.ts";'],
  ["src/hook/handle.ts", 'import { survey } from "../survey/survey.ts";'],
  ["src/doctor/hook.ts", 'import { readHooks } from "../guestnet/doctor/read-hooks.ts";'],
  ["src/survey/survey.ts", 'import { sysctl } from "../host/sysctl.ts";'],
  ["src/plan/apply.ts", 'import { spawn } from "node:child_process";'],
  ["hooks/qemu.ts", 'import { domainCommand } from "../src/cli/domain.ts";'],
  ["hooks/qemu.ts", 'import { SaxesParser } from "saxes";'],
])("the table forbids %s: %s", (file, text) => {
  expect(wrongImports(file, text)).toHaveLength(1);
});

test("nothing in the tests mocks a module, keeps a snapshot or is skipped", () => {
  const tests = readdirSync("test", { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !/^(lab|e2e|demo)\//.test(file) && file !== "architecture.test.ts",
  );
  for (const file of tests) {
    const text = source(join("test", file));
    const found =
      /jest\.(mock|unstable_mockModule)|toMatch(Inline)?Snapshot|\b(test|describe|it)\.(skip|only|todo)/.exec(
        text,
      );
    expect({ file, found: found?.[0] }).toEqual({ file, found: undefined });
  }
});
