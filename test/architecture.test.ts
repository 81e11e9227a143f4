import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, normalize } from "node:path";
import ts from "typescript";

/**
 * Who may import whom, and why. The first row whose room holds a file is its rule; a room is a folder with all below it, or a file.
 * "may" names rooms below src/, except templates and hooks. A file that no row holds may not be there.
 */
const ROOMS: readonly { readonly room: string; readonly may: readonly string[]; readonly why: string }[] = [
  {
    room: "src/values",
    may: ["values"],
    why: "values are what all share: they import nothing else of the project",
  },
  {
    room: "src/xml",
    may: ["values", "xml"],
    why: "XML is a tree, whatever its elements mean",
  },
  {
    room: "src/text",
    may: ["values", "text"],
    why: "JSON with places is read alike, whatever its keys mean",
  },
  {
    room: "src/guest",
    may: ["values", "guest"],
    why: "a guest is described without its text, its XML or a host",
  },
  {
    room: "src/profile",
    may: ["values", "text", "guest", "profile"],
    why: "a profile is text: it has no host and no XML",
  },
  {
    room: "src/site",
    may: ["values", "text", "guest", "profile", "site"],
    why: "host.json is read by the same parts as a profile, and no profile asks for its text",
  },
  {
    room: "src/host-network",
    may: ["values", "guest", "host-network"],
    why: "a host's network follows from its host.json alone, whichever program makes it",
  },
  {
    room: "src/host-trial",
    may: ["values", "kernel/host.ts", "live-network", "host-network", "host-trial"],
    why: "a trial of a host's network follows its record, whichever disk, clock and kernel it has",
  },
  {
    room: "src/fleet",
    may: ["values", "guest", "profile", "fleet"],
    why: "guests are compared by their profiles and texts, without files, XML or hosts",
  },
  {
    room: "src/addresses/assign",
    may: ["values", "text", "addresses"],
    why: "addresses are written into the texts of profiles, by what the plan leaves free",
  },
  {
    room: "src/addresses",
    may: ["values", "guest", "addresses"],
    why: "the address plan is a calculation on guests and networks, whether they come from profiles or from a host",
  },
  {
    room: "src/guest-config",
    may: ["values", "guest", "guest-config"],
    why: "what a guest is told follows from its profile alone",
  },
  {
    room: "src/diagram",
    may: ["values", "guest", "diagram"],
    why: "a picture is made of NICs and uplinks, whether they come from profiles or from a host",
  },
  {
    room: "src/report",
    may: ["values", "addresses", "diagram/svg.ts", "report"],
    why: "the page shows what was found, whoever looked: it reads nothing",
  },
  {
    room: "src/import/xen/syntax",
    may: ["values", "import/xen/syntax"],
    why: "Xen's syntax is what it is, whatever becomes of the guest",
  },
  {
    room: "src/live-network",
    may: ["values", "live-network"],
    why: "the network of a running host is what its programs printed, whoever ran them",
  },
  {
    room: "src/import/host",
    may: ["values", "kernel/facts", "live-network", "import"],
    why: "a host's description follows from what was read of it, wherever it runs",
  },
  {
    room: "src/import",
    may: ["values", "guest", "profile", "xml", "libvirt/network/vlan.ts", "libvirt/metadata", "import"],
    why: "an import ends in a profile, as a person would write it, and in a report: no files, no host",
  },
  {
    room: "src/libvirt/metadata",
    may: ["values", "guest", "xml", "libvirt"],
    why: "metadata is what the hook reads of a guest",
  },
  {
    room: "src/libvirt",
    may: ["values", "guest", "xml", "libvirt", "templates"],
    why: "domain XML is rendered from a profile and read into a guest: neither files nor the host are asked",
  },
  {
    room: "src/kernel/facts",
    may: ["values", "kernel/facts", "kernel/host.ts"],
    why: "a fact is a fact, wherever it comes from",
  },
  {
    room: "src/kernel/desired",
    may: ["values", "guest", "kernel/facts", "kernel/desired", "move"],
    why: "what should hold follows from the guest alone, never from what was observed",
  },
  {
    room: "src/kernel/observe",
    may: ["values", "kernel/facts", "kernel/observe", "kernel/host.ts"],
    why: "what is observed must not depend on what is wanted",
  },
  {
    room: "src/kernel/plan",
    may: ["values", "kernel/facts", "kernel/plan", "kernel/host.ts"],
    why: "a plan is made of facts, wherever they come from",
  },
  { room: "src/kernel/host.ts", may: [], why: "the port to the outside is a type: it imports nothing" },
  {
    room: "src/kernel/converge.ts",
    may: ["values", "kernel/facts", "kernel/observe", "kernel/plan", "kernel/host.ts"],
    why: "converging takes its host as a parameter, so that every test can bring another",
  },
  {
    room: "src/kernel/occasion.ts",
    may: ["guest", "move/arrival.ts", "values", "kernel/desired", "kernel/observe", "kernel/host.ts"],
    why: "what a desire depends on beside the NIC is read of the host in one place",
  },
  {
    room: "src/move",
    may: [
      "values",
      "guest",
      "kernel/facts",
      "kernel/desired",
      "kernel/plan",
      "kernel/host.ts",
      "kernel/occasion.ts",
      "hook",
      "move",
    ],
    why: "what is left to do for a moving guest is the plan from one desire to another",
  },
  {
    room: "src/hook",
    may: [
      "values",
      "guest",
      "kernel/facts",
      "kernel/desired",
      "kernel/converge.ts",
      "kernel/host.ts",
      "kernel/occasion.ts",
      "move",
      "hook",
    ],
    why: "an event says what to desire; how that is reached is not its business",
  },
  {
    room: "src/run",
    may: ["values", "kernel/host.ts", "live-network", "run"],
    why: "effects implement the port and decide nothing",
  },
  {
    room: "src/survey",
    may: ["values", "guest", "kernel", "xml", "libvirt/domain", "move", "survey"],
    why: "looking at all guests is what the hook does for one: no file and no process is its own",
  },
  {
    room: "src/doctor",
    may: ["values", "guest", "kernel/facts", "hook/start-record.ts", "doctor"],
    why: "a check judges what was read of the host, whoever read it: every finding can be tried without a host",
  },
  {
    room: "src/trace",
    may: ["values", "guest", "kernel/facts", "kernel/host.ts", "trace"],
    why: "a packet's way is calculated from what was read of hosts, whoever read it: every break can be tried without a host",
  },
  {
    room: "src/hotplug",
    may: ["values", "guest", "profile", "xml", "libvirt", "hotplug"],
    why: "what a NIC is in a domain's XML follows from the profile and the XML alone",
  },
  {
    room: "src/files",
    may: ["values", "files"],
    why: "files are read and written alike by both programs, whatever is in them",
  },
  {
    room: "src/commands/shared",
    may: ["values", "files", "addresses", "commands/shared"],
    why: "completions and manual pages are made of what commander provides, for either program",
  },
  {
    room: "src/commands/genxml/import-host",
    may: ["values", "files", "site", "import", "live-network", "run", "commands/genxml"],
    why: "one command of the generator reads the host that it runs on, and changes nothing there",
  },
  {
    room: "src/commands/genxml",
    may: [
      "values",
      "files",
      "text",
      "guest",
      "profile",
      "site",
      "host-network",
      "fleet",
      "addresses",
      "guest-config",
      "diagram",
      "import",
      "libvirt",
      "xml",
      "commands/genxml",
      "commands/shared",
    ],
    why: "the generator works with text and never touches a host",
  },
  {
    room: "src/commands/guestnet",
    may: [
      "values",
      "files",
      "guest",
      "site",
      "host-network",
      "host-trial",
      "live-network",
      "addresses",
      "diagram",
      "xml",
      "libvirt",
      "kernel",
      "hook",
      "run",
      "survey",
      "doctor",
      "trace",
      "report",
      "hotplug",
      "commands/genxml/addresses/read-plan.ts",
      "commands/genxml/input",
      "commands/genxml/issue-report.ts",
      "commands/guestnet",
      "commands/shared",
    ],
    why: "guestnet works on the host with all parts; what it shares with genxml is no command",
  },
  {
    room: "src/manual",
    may: [
      "commands/genxml/program.ts",
      "commands/guestnet/program.ts",
      "commands/shared",
      "profile/schema",
      "site",
      "kernel/facts",
      "manual",
    ],
    why: "manual pages say what the command lines and schemas say: the build makes them, no program loads them",
  },
  {
    room: "hooks/engines",
    may: ["values/in-job.ts", "kernel/host.ts", "run", "hooks/engines"],
    why: "an engine is the outside: it decides nothing",
  },
  {
    room: "hooks",
    may: ["guest", "kernel", "move", "hook", "run", "libvirt/domain", "xml/scan.ts", "hooks"],
    why: "root runs the hook at every start of a guest: it stays small, and never loads the programs",
  },
];
const holds = (room: string, file: string): boolean => file === room || file.startsWith(`${room}/`);
const pathOf = (room: string): string => (/^(templates|hooks)(\/|$)/.test(room) ? room : `src/${room}`);
const ruleOf = (file: string) => ROOMS.find(({ room }) => holds(room, file));

/** Packages that only some may import. */
const PACKAGES: readonly { readonly name: string; readonly in: RegExp; readonly why: string }[] = [
  { name: "commander", in: /^src\/commands\//, why: "options are the programs' business" },
  { name: "picocolors", in: /^src\/commands\/guestnet\//, why: "only a screen has colours" },
  {
    name: "cli-progress",
    in: /^src\/commands\/genxml\/progress\.ts$/,
    why: "only a terminal has a progress bar",
  },
  {
    name: "saxes",
    in: /^src\/xml\/read-document\.ts$/,
    why: "one file knows how people's XML is read",
  },
  { name: "fast-xml-parser", in: /^src\/xml\/parse\.ts$/, why: "one file knows how libvirt's XML is read" },
  { name: "xmlbuilder2", in: /^src\/xml\/print\.ts$/, why: "one file knows how XML is printed" },
  { name: "fastest-levenshtein", in: /^src\/values\/nearest\.ts$/, why: "one rule says which word is near" },
  { name: "valibot", in: /^src\/(text|profile|site)\//, why: "only people's text has to be checked" },
  {
    name: "@valibot/to-json-schema",
    in: /^src\/(text|profile\/schema)\//,
    why: "the schema for editors is the parser's, in other words",
  },
  { name: "jsonc-parser", in: /^src\/text\//, why: "only people's text has comments" },
  {
    name: "yaml",
    in: /^src\/(guest-config|host-network|addresses\/export)\//,
    why: "only cloud-init, netplan, nmstate and Ansible read YAML",
  },
  { name: "execa", in: /^src\/(commands\/|run\/(run-child|held-shell)\.ts$)/, why: "it costs 25 ms" },
  { name: "node:fs", in: /^(src\/(run|files|commands)|hooks)\//, why: "files are outside" },
  { name: "node:fs/promises", in: /^(src\/(run|files|commands)|hooks)\//, why: "files are outside" },
  { name: "node:child_process", in: /^(src\/(run|files|commands)|hooks)\//, why: "processes are outside" },
  { name: "node:os", in: /^(src\/(run|files|commands)|hooks)\//, why: "the machine is outside" },
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
  const rule = ruleOf(file);
  return importsIn(file, text).flatMap(({ to, own }) => {
    if (own) {
      const allowed = rule === undefined || rule.may.some((room) => holds(pathOf(room), to));
      return allowed ? [] : [`${file} imports ${to}, but ${rule.why}`];
    }
    const limit = PACKAGES.find(({ name }) => to === name || to.startsWith(`${name}/`));
    return limit === undefined || limit.in.test(file) ? [] : [`${file} imports ${to}, but ${limit.why}`];
  });
};

test("every file imports what its folder may, and nothing else", () => {
  expect(files.filter((file) => ruleOf(file) === undefined)).toEqual([]);
  expect(files.flatMap((file) => wrongImports(file))).toEqual([]);
});

test("the table has no row without a file, and no permission that none needs", () => {
  const unused = ROOMS.flatMap((rule) => {
    const own = files.filter((file) => ruleOf(file) === rule);
    const all = own.flatMap((file) => importsIn(file, source(file)).map(({ to }) => to));
    const idle = rule.may.filter((room) => !all.some((to) => holds(pathOf(room), to)));
    return own.length === 0 ? [rule.room] : idle.map((room) => `${rule.room}: ${room}`);
  });
  expect(unused).toEqual([]);
});

/** Files that import each other by some way: they are one idea, or one of them is in the wrong place. */
const circlesIn = (imports: ReadonlyMap<string, readonly string[]>): readonly string[] => {
  const reaches = (from: string): ReadonlySet<string> => {
    const found = new Set<string>();
    const open = [...(imports.get(from) ?? [])];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      open.push(...(imports.get(file) ?? []));
    }
    return found;
  };
  const all = new Map([...imports.keys()].map((file) => [file, reaches(file)]));
  const circles = [...all].flatMap(([file, found]) =>
    found.has(file)
      ? [
          [...found]
            .filter((one) => all.get(one)?.has(file) === true)
            .sort()
            .join(" "),
        ]
      : [],
  );
  return [...new Set(circles)].sort();
};

test("no two files import each other, by whatever way", () => {
  const imports = new Map(
    files.map((file) => [file, importsIn(file, source(file)).flatMap(({ to, own }) => (own ? [to] : []))]),
  );
  expect(circlesIn(imports)).toEqual([]);
});

test("a circle is found by its files, whatever leads to it", () => {
  const imports = { a: ["b"], b: ["c", "d"], c: ["b"], d: [], e: ["e"] };
  expect(circlesIn(new Map(Object.entries(imports)))).toEqual(["b c", "e"]);
});

test("every file is one idea: at most 250 lines", () => {
  const long = files.flatMap((file) => {
    const lines = source(file).split("\n").length - 1;
    return lines > 250 ? [`${file}: ${lines} lines; when two ideas need one file, the folder is wrong`] : [];
  });
  expect(long).toEqual([]);
});

test("every file is named after its idea, in kebab-case", () => {
  const nameless = /^(utils?|helpers?|common|types?|misc|manager)\./;
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.browser)?(\.d)?\.ts$/;
  expect(files.filter((file) => nameless.test(basename(file)) || !kebab.test(basename(file)))).toEqual([]);
});

test("every exported type has a name of its own", () => {
  const owners = new Map<string, readonly string[]>();
  for (const file of files)
    for (const [, name = ""] of source(file).matchAll(/^export (?:interface|type) (\w+)/gm))
      owners.set(name, [...(owners.get(name) ?? []), file]);
  expect([...owners].filter(([, of]) => of.length > 1)).toEqual([]);
});

// Comments may talk of them; what runs may not touch them.
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
const OUTSIDE = /\b(Date\.now|new Date|Math\.random|performance\.|process\.|console\.|setTimeout|fetch\()/;

test("all but src/run, src/files, src/commands and hooks is calculation: no clock, no chance, no environment, no printing", () => {
  const outside = files.flatMap((file) => {
    const found = OUTSIDE.exec(withoutComments(source(file)))?.[0];
    return found === undefined || /^(src\/(run|files|commands)|hooks)\//.test(file)
      ? []
      : [`${file} uses ${found}`];
  });
  expect(outside).toEqual([]);
});

test.each([
  ["src/values/mac.ts", 'import type { Fact } from "../kernel/facts/fact.ts";'],
  ["src/kernel/facts/fact.ts", 'import { toPlan } from "../plan/plan.ts";'],
  ["src/kernel/desired/bridge-port.ts", 'import { observe } from "../observe/observe.ts";'],
  ["src/kernel/observe/uplink.ts", 'export { diff } from "../plan/diff.ts";'],
  ["src/kernel/converge.ts", 'import { runUntil } from "../run/run-child.ts";'],
  ["src/hook/handle.ts", 'import { parseDomain } from "../libvirt/domain/parse-domain.ts";'],
  ["src/import/xen/syntax/parse.ts", 'import { Report } from "../../report/report.ts";'],
  [
    "src/import/xen/import-xen.ts",
    'import { completeTemplate } from "../../libvirt/domain/complete-template.ts";',
  ],
  ["src/profile/parse.ts", 'import { parseSite } from "../site/site.ts";'],
  ["src/commands/genxml/genxml.ts", 'const { kernelFilesOf } = await import("../../run/kernel-files.ts");'],
  ["src/guest-config/guest-interface.ts", 'import { parseProfile } from "../profile/parse.ts";'],
  ["src/hook/handle.ts", 'import { report } from "../commands/guestnet/reporter.ts";'],
  ["src/hook/handle.ts", 'import { survey } from "../survey/survey.ts";'],
  ["src/doctor/hook.ts", 'import { readHooks } from "../commands/guestnet/doctor/read-hooks.ts";'],
  ["src/survey/survey.ts", 'import { runUntil } from "../run/run-child.ts";'],
  ["src/kernel/plan/apply.ts", 'import { spawn } from "node:child_process";'],
  ["hooks/engines/node.ts", 'import { handle } from "../../src/hook/handle.ts";'],
  ["hooks/main.ts", 'import { domainCommand } from "../src/commands/genxml/domain.ts";'],
  ["hooks/main.ts", 'import { SaxesParser } from "saxes";'],
])("the table forbids %s: %s", (file, text) => {
  const named = importsIn(file, text).flatMap(({ to, own }) => (own ? [to] : []));
  expect([file, ...named].filter((one) => !files.includes(one))).toEqual([]);
  expect(wrongImports(file, text)).toHaveLength(1);
});

test("nothing in the tests mocks a module, keeps a snapshot or is skipped", () => {
  const tests = readdirSync("test", { recursive: true, encoding: "utf8" }).filter(
    (file) =>
      file.endsWith(".ts") && !/^(lab|e2e|demo|hosts)\//.test(file) && file !== "architecture.test.ts",
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
