import { expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import { XMLParser } from "fast-xml-parser";
import { readXml, type XmlElement } from "../../src/xml/read-xml.ts";
import { cases } from "../support/cases.ts";

const library = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
});

interface Plain {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Plain[];
  readonly text: string;
}

/** What fast-xml-parser reads, in our shape, without namespaces. */
const byLibrary = (nodes: readonly Record<string, unknown>[]): readonly Plain[] =>
  nodes.flatMap((node) => {
    const tag = Object.keys(node).find((key) => key !== ":@") ?? "#text";
    if (tag.startsWith("#") || tag.startsWith("?")) return [];
    const inner = node[tag] as readonly Record<string, unknown>[];
    const text = inner.map((child) => (typeof child["#text"] === "string" ? child["#text"] : "")).join("");
    const attributes = (node[":@"] ?? {}) as Record<string, string>;
    return [{ name: tag.replace(/^.*:/, ""), attributes, children: byLibrary(inner), text }];
  });

const plain = ({ name, attributes, children, text }: XmlElement): Plain => ({
  name,
  attributes,
  children: children.map(plain),
  text,
});

test.each(cases().flatMap((one) => [one.read("domain.xml") ?? []].flat()))(
  "reads a domain as fast-xml-parser does",
  (xml) => {
    const root = readXml(xml);
    expect(root && [plain(root)]).toEqual(byLibrary(library.parse(xml) as Record<string, unknown>[]));
  },
);

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

test("keeps any text and any attribute", () => {
  const text = fc.string({ unit: "grapheme" }).filter((value) => !/[\p{Cc}\p{Cs}]/u.test(value));
  fc.assert(
    fc.property(text, text, (content, value) => {
      const root = readXml(
        `<?xml version='1.0'?>\n<a b='${escape(value)}'><!-- <c> --><d>${escape(content)}</d></a>\n`,
      );
      expect(root?.attributes).toEqual({ b: value });
      expect(root?.children[0]?.text).toBe(content);
    }),
  );
});

test("resolves namespaces by declaration, not by prefix", () => {
  const root = readXml(`<a><x:b xmlns:x="urn:1"><x:c/><c xmlns='urn:2'><d/></c></x:b><b/></a>`);
  const names = (element: XmlElement): readonly string[] => [
    `${element.namespace ?? ""} ${element.name}`,
    ...element.children.flatMap(names),
  ];
  expect(root && names(root)).toEqual([" a", "urn:1 b", "urn:1 c", "urn:2 c", "urn:2 d", " b"]);
});

test.each([
  ["nothing", ""],
  ["text alone", "domain"],
  ["an element that is not closed", "<a><b></a>"],
  ["an end tag too many", "<a></a></b>"],
  ["two roots", "<a/><b/>"],
  ["an attribute without quotes", "<a b=c/>"],
  ["an attribute that is not closed", "<a b='c/>"],
  ["a document type", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
  ["half a tag", "<a><"],
  ["text behind the root", "<a/>x"],
])("refuses %s", (_, text) => {
  expect(readXml(text)).toBeNull();
});

/** The processor's time for reading something: what else the machine does is no part of it. */
const costOf = (text: string): number => {
  const before = process.cpuUsage();
  readXml(text);
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

test.each([
  ["attributes that do not end", `<a ${"b='".repeat(166_000)}`],
  ["brackets", "<".repeat(500_000)],
  ["a comment that does not end", `<!--${"-".repeat(500_000)}`],
])("half a megabyte of %s costs about what as much good XML does", (_, hostile) => {
  const good = `<a>${"<b/>".repeat(125_000)}</a>`;
  costOf(good);
  // Looking back at each character would be ten thousand times as much.
  expect(costOf(hostile) / costOf(good)).toBeLessThan(50);
});
