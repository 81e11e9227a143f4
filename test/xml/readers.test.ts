import { describe, expect, test } from "@jest/globals";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseXml } from "../../src/xml/parse.ts";
import { readDocument } from "../../src/xml/read-document.ts";
import { scanXml } from "../../src/xml/scan.ts";
import { qualifiedName, textOf, elementsIn, type XmlElement } from "../../src/xml/tree.ts";
import fc from "../support/fast-check.ts";

/** What an element is to its reader: all but comments, instructions, and where it stands. */
const seen = (element: XmlElement): object => ({
  name: qualifiedName(element),
  namespace: element.namespace,
  attributes: element.attributes,
  text: textOf(element),
  children: elementsIn(element).map(seen),
});

/** One document as each of the readers takes it; null where it is refused. */
const byAll = (text: string, root: string): readonly (object | null)[] => {
  const strict = readDocument(text, root);
  return [scanXml(text), parseXml(text), strict.ok ? strict.value.root : null].map((one) => one && seen(one));
};

const agreed = (text: string, root: string): object | null => {
  const [first = null, ...others] = byAll(text, root);
  for (const other of others) expect(other).toEqual(first);
  return first;
};

const documents = ["fixtures/cases", "fixtures/domains"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    // Those of "bad" cases are no XML, or not as libvirt writes it.
    .filter((file) => file.endsWith(".xml") && !file.startsWith("bad-"))
    .map((file) => join(folder, file)),
);

test.each(documents)("all readers read %s alike", (file) => {
  agreed(readFileSync(file, "utf8"), "domain");
});

test.each([
  ["XML's own entities", `<a b="&lt;&gt;&amp;&quot;&apos;">&lt;&gt;&amp;&quot;&apos;&amp;lt;</a>`],
  [
    "numbers, in both notations and beyond the BMP",
    `<a b="1&#10;2&#x9;3">&#65;&#x42;&#128512;&#x1F600;\u{1F600}</a>`,
  ],
  ["CDATA", "<a>x<![CDATA[<b>&amp;]]]><![CDATA[]]>y</a>"],
  ["comments", "<!-- <b/> --><a>x<!-- & -->y<b/><!----></a>"],
  ["instructions", "<?xml version='1.0' encoding='UTF-8'?><?x <y>?><a><?b c='d'?>e<?f?></a>"],
  ["quotes of both kinds", `<a b='"' c="'" d = 'e'\n  f="g"></a >`],
  ["white space", "<a> \n <b> c  d </b>\r\n\t<e/> </a>\n"],
  ["elements between texts", "<a>x<b/>y<b>z</b>w</a>"],
  ["namespaces", `<a><x:b xmlns:x="urn:1"><x:c/><c xmlns='urn:2'><d/><e xmlns=''/></c></x:b><b/></a>`],
  ["a prefix that hides another", `<a xmlns:x="urn:1"><x:b xmlns:x="urn:2" x:c="d"><x:e/></x:b><x:f/></a>`],
  ["brackets in attributes", `<a b="c > d">e > f</a>`],
  ["names of many letters", "<a><b.c-d_e:f xmlns:b.c-d_e='u'/></a>"],
  ["names in any alphabet", "<a><büro:größe xmlns:büro='u' büro:é='1' имя='2'>x</büro:größe></a>"],
])("all readers agree about %s", (_, text) => {
  expect(agreed(text, "a")).not.toBeNull();
});

describe("all readers agree about any document", () => {
  // What libvirt writes is XML 1.0 without control characters; a carriage return is one.
  const character = fc
    .string({ unit: "grapheme", maxLength: 12 })
    .filter((one) => !/[\p{Cc}\p{Cs}￾￿]/u.test(one));
  const name = fc.constantFrom("b", "c", "x:d", "vlan", "nativeMode");
  const reference = (text: string, kind: string): string =>
    text.replaceAll(/[&<>"']/g, (one) =>
      kind === "hex" ? `&#x${one.charCodeAt(0).toString(16)};` : `&#${String(one.charCodeAt(0))};`,
    );
  const kinds = fc.constantFrom("hex", "decimal");
  const attributes = fc
    .dictionary(fc.constantFrom("e", "f", "x:g"), fc.tuple(character, kinds, fc.constantFrom('"', "'")))
    .map((all) =>
      Object.entries(all)
        .map(([key, [value, kind, quote]]) => ` ${key}=${quote}${reference(value, kind)}${quote}`)
        .join(""),
    );
  const { element } = fc.letrec<{ element: string; inside: string }>((tie) => ({
    inside: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.tuple(character, kinds).map(([text, kind]) => reference(text, kind)),
      character.filter((text) => !text.includes("]]>")).map((text) => `<![CDATA[${text}]]>`),
      character.filter((text) => !/--|-$/.test(text)).map((text) => `<!--${text}-->`),
      fc.constantFrom("\n  ", "<?y z?>"),
      tie("element"),
    ),
    element: fc
      .tuple(
        name,
        attributes,
        fc.array(tie("inside"), { maxLength: 5 }),
        fc.constantFrom("", " xmlns='urn:2'"),
      )
      .map(([tag, given, inside, declared]) =>
        inside.length === 0
          ? `<${tag}${given}${declared}/>`
          : `<${tag}${given}${declared}>${inside.join("")}</${tag}>`,
      ),
  }));

  test("that is well-formed", () => {
    fc.assert(
      fc.property(element, (inside) => {
        expect(agreed(`<a xmlns:x="urn:1">${inside}</a>`, "a")).not.toBeNull();
      }),
    );
  });
});

test.each([
  ["nothing", ""],
  ["text alone", "a"],
  ["an end tag too many", "<a></a></b>"],
  ["two roots", "<a/><b/>"],
  ["an attribute that is not closed", "<a b='c/>"],
  ["half a tag", "<a><"],
  ["half a document", "<a><b/>"],
  ["half a document with text", "<a><b></b>x"],
])("all readers refuse %s", (_, text) => {
  expect(byAll(text, "a")).toEqual([null, null, null]);
});

// libvirt writes none of these, cut off or not: the library may take them as it likes.
test.each([
  ["an element that is not closed", "<a><b></a>"],
  ["an attribute without quotes", "<a b=c/>"],
  ["a document type", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
  ["text behind the root", "<a/>x"],
])("the hook and the reader of people's texts refuse %s", (_, text) => {
  expect([scanXml(text), readDocument(text, "a").ok]).toEqual([null, false]);
});

/** The processor's time for reading something: what else the machine does is no part of it. */
const costOf = (text: string): number => {
  const before = process.cpuUsage();
  scanXml(text);
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

test.each([
  ["attributes that do not end", `<a ${"b='".repeat(166_000)}`],
  ["brackets", "<".repeat(500_000)],
  ["a comment that does not end", `<!--${"-".repeat(500_000)}`],
])("half a megabyte of %s costs the hook about what as much good XML does", (_, hostile) => {
  const good = `<a>${"<b/>".repeat(125_000)}</a>`;
  costOf(good);
  // Looking back at each character would be ten thousand times as much.
  expect(costOf(hostile) / costOf(good)).toBeLessThan(50);
});

test("the reader of people's texts takes as many levels as libvirt does", () => {
  const nested = (levels: number): string => `${"<a>".repeat(levels)}${"</a>".repeat(levels)}`;
  expect(readDocument(nested(256), "a").ok).toBe(true);
  expect(readDocument(nested(20_000), "a")).toMatchObject({
    ok: false,
    problems: [{ message: "must be nested at most 256 levels deep", position: { line: 1, column: 769 } }],
  });
});

test("the reader of people's texts gives each element its line and column", () => {
  const read = readDocument("<?xml version='1.0'?>\n<a>\n  <b/><c>\n</c></a>", "a");
  if (!read.ok) throw new Error("refused");
  const { root } = read.value;
  expect([root, ...elementsIn(root)].map(({ name, at }) => [name, at?.line, at?.column])).toEqual([
    ...[
      ["a", 2, 1],
      ["b", 3, 3],
      ["c", 3, 7],
    ],
  ]);
});
