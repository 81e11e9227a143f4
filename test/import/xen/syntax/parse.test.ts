import { describe, expect, test } from "@jest/globals";
import { renderIssue } from "../../../../src/values/issue.ts";
import { parseXen } from "../../../../src/import/xen/syntax/detect.ts";
import type { Dialect, Value } from "../../../../src/import/xen/syntax/value.ts";

const plain = (value: Value): unknown => {
  if (value.kind === "list") return value.items.map(plain);
  if (value.kind === "dict")
    return Object.fromEntries(value.entries.map(([key, one]) => [plain(key), plain(one)]));
  return value.kind === "number" ? Number(value.text) : value.text;
};
const read = (text: string, syntax: Dialect | null = null): unknown => {
  const result = parseXen(text, syntax);
  return result.ok
    ? result.value.assignments.map(({ key, operator, value }) => [key, operator, plain(value)])
    : null;
};
const faults = (text: string, syntax: Dialect | null = null): readonly string[] => {
  const result = parseXen(text, syntax);
  return result.ok ? [] : result.problems.map((issue) => renderIssue("f", issue));
};
/** Where the first fault is, and what it is about. */
const first = (text: string, syntax: Dialect | null = null): string => {
  const [, place = "", rest = ""] = /^f:(\d+:\d+): error: (.*)$/s.exec(faults(text, syntax)[0] ?? "") ?? [];
  return `${place} ${rest}`;
};

describe("xl's grammar", () => {
  test.each([
    ['a = "x"', [["a", "=", "x"]]],
    [
      "a='x';b=2",
      [
        ["a", "=", "x"],
        ["b", "=", 2],
      ],
    ],
    [";;\n;a=1;;", [["a", "=", 1]]],
    ["a = 0x1f # c\n", [["a", "=", 31]]],
    ["a = [\n\n 'x', # one\n # more\n 'y'\n , ]\n", [["a", "=", ["x", "y"]]]],
    [
      "a = []\na += ['x']\n",
      [
        ["a", "=", []],
        ["a", "+=", ["x"]],
      ],
    ],
    ["a=[['x','y'],['z']]", [["a", "=", [["x", "y"], ["z"]]]]],
    ["a = 'it\"s # ; [ , ]'", [["a", "=", 'it"s # ; [ , ]']]],
    ['a = "\\t\\\\\\"\\\'\\a"', [["a", "=", "\t\\\"'\x07"]]],
    ["a.b_2 = 'größe 一'\n", [["a.b_2", "=", "größe 一"]]],
    ["", []],
    ["# only\n\n", []],
  ])("takes %j", (text, expected) => {
    expect(read(text, "xl")).toEqual(expected);
  });

  test.each([
    ["a 1", /^1:3 the key a must be followed by =/],
    ["a =\nb = 1", /^1:4 .*found the end of the line/],
    ["a = 1 b = 2", /^1:7 .*end with its line.*found b/],
    ["a = [ , 'x' ]", /^1:7 .*found ,/],
    ["a = [ 'x',, 'y' ]", /^1:11 .*found ,/],
    ["a = [ 'x'\n'y' ]", /^2:1 .*comma between two list items/],
    ["a = [ 'x' ] ]", /^1:13 /],
    ["a = [ 'x'\nb = 1", /^2:1 .*begins in line 1.*found b/],
    ["a = [ 'x',", /^1:11 .*end of the file/],
    ["a = 'x\nb = 1", /^1:5 this string is not closed/],
    ["a = '\\q'", /^1:6 xl does not support the escape \\q/],
    ["a = '\\101'", /^1:6 xl does not support the escape \\1/],
    ["a = -1", /^1:5 .*found -/],
    ["a = 1.5", /^1:6 /],
    ["a = yes", /^1:5 .*xl requires 1;/],
    ["a = ‘x’", /^1:5 .*typographic/],
    ["a = 1\rb = 2", /^1:6 .*found "\\r"/],
    ["a = 1\u00a0", /^1:6 .*found "\u00a0"/],
    ["a = 1\0", /^1:6 must be text, found a NUL byte/],
    ["A = 1", /^1:1 a key must be in lower case/],
    ["9a = 1", /^1:1 /],
    [`a = ${"[".repeat(100)}`, /^1:\d+ lists may be nested 50 deep/],
  ])("refuses %j there", (text, expected) => {
    expect(first(text, "xl")).toMatch(expected);
  });

  test("reports every faulty line, each once, and goes on behind a list that is", () => {
    const text = "a 1\nb = [ 'x' 'y',\n 'z' ]\nc = 'x\nd = [ 'x',\n 'y'\ne = 1\nf = 2 3\n";
    expect(faults(text, "xl").map((line) => /^f:(\d+:\d+)/.exec(line)?.[1])).toEqual([
      "1:3",
      "2:11",
      "4:5",
      "7:1",
      "8:7",
    ]);
  });

  test.each([
    ["a = 1\r\nb = 2\r\n", 1],
    ["\uFEFFa = 1\n", 1],
    ["a = 1\n# end", 1],
    ["a = 1\n# end\n", 0],
  ])("takes %j, and says what xl would not", (text, count) => {
    const result = parseXen(text, "xl");
    expect(result.ok && result.value.lenient.length).toBe(count);
  });
});

describe("xm's literals", () => {
  test.each([
    [
      "OVM_x = True\nb = None",
      [
        ["OVM_x", "=", "True"],
        ["b", "=", "None"],
      ],
    ],
    [
      "A = u'x'; b = r'\\d'",
      [
        ["A", "=", "x"],
        ["b", "=", "\\d"],
      ],
    ],
    [
      "A = ('x', 'y',)\nb = ('x')",
      [
        ["A", "=", ["x", "y"]],
        ["b", "=", "x"],
      ],
    ],
    ["A = 'x' + \"y\" + 'z'", [["A", "=", "xyz"]]],
    ["A = ['x'] + ['y']", [["A", "=", ["x", "y"]]]],
    ["A = {'x': 1, u'y': ['z'],}", [["A", "=", { x: 1, y: ["z"] }]]],
    [
      "A = -1\nb = 10L",
      [
        ["A", "=", -1],
        ["b", "=", 10],
      ],
    ],
    ["A = 'x' \\\n  + 'y'", [["A", "=", "xy"]]],
    ["A = '''x\ny'''", [["A", "=", "x\ny"]]],
    ["A = '\\x41\\101\\d'", [["A", "=", "AA\\d"]]],
  ])("takes %j", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ["import os\nname = 'x'", /^1:1 Python code.*found import \[xen-python\]/],
    ["name = 'x'\nif name:\n  a = 1", /^2:1 Python code.*found if/],
    ["A = os.uname()[4]", /^1:5 must be a literal.*found os/],
    ["A = 'x%d' % 3", /^1:11 must be a literal.*found %/],
    ["A = '/usr/' + libdir", /^1:15 .*found libdir/],
    ["A = 'x' * 3", /^1:9 .*found \*/],
    ["A = 1 + 2", /^1:7 \+ must join strings or lists/],
    ["A = ['x' 'y']", /^1:10 .*comma between two list items/],
    ["A = 'x'[0]", /^1:8 .*found \[/],
  ])("refuses %j there", (text, expected) => {
    expect(first(text)).toMatch(expected);
  });

  test("of Python the first construct is reported alone: the rest follows from it", () => {
    expect(faults("import os\narch = os.uname()[4]\ndef f():\n  pass\n")).toHaveLength(1);
  });
});

test.each([
  ["<domain type='xen'>", /found XML/],
  ["<?xml version='1.0'?>", /found XML/],
  ["(domain (domid 1))", /SXP/],
  ['[ { "domid": 1 } ]', /JSON/],
])("%j is no configuration file, and the message says what it is", (text, expected) => {
  expect(first(text)).toMatch(expected);
});

test("a message never shows a password", () => {
  for (const text of [
    "vncpasswd = 'hunter2",
    "vncpasswd = hunter2",
    "vfb = [ 'vncpasswd=hunter2' 'hunter2' ]",
  ])
    expect(faults(text).join()).toMatch(/^f:1:\d+: error: (?!.*hunter2)/);
});

describe("a file whose syntax is to be found out", () => {
  const problem = (text: string): string => {
    const parsed = parseXen(text);
    return parsed.ok ? "" : (parsed.problems[0]?.message ?? "");
  };

  test.each(['a = "b" + "c"', "a = True", "a = ('b',)"])("%s is xm's, and the option is named", (text) => {
    expect(problem(text)).toMatch(/use --syntax xm$/);
  });

  test.each(["a = 256*2", "a = int(1)", "a = [ '' ] * 2"])("%s is Python that nobody runs", (text) => {
    expect(problem(text)).toMatch(/^must be a literal;/);
  });

  test.each(["a: b", "a b", "a = “b”", "a = [ 'b' 'c' ]"])("%s is a slip in xl's", (text) => {
    expect(problem(text)).not.toMatch(/xm|Python|literal/);
  });
});
