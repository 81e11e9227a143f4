import { describe, expect, test } from "@jest/globals";
import { appended, insertedBehind, withChild, without } from "../../src/xml/edit.ts";
import { indented } from "../../src/xml/indent.ts";
import { printDocument, printXml } from "../../src/xml/print.ts";
import { readDocument } from "../../src/xml/read-document.ts";
import { child, childrenOf, element, text, textOf, type XmlDocument } from "../../src/xml/tree.ts";
import fc from "../support/fast-check.ts";

const read = (document: string): XmlDocument => {
  const result = readDocument(document, "a");
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return result.value;
};

test.each([
  '<a b="1&#10;2&#9;3&#13;4">x&#13;y</a>',
  "<a>&amp;lt; &amp;#10; &amp;#xA; &amp;amp; &amp;nbsp; &lt;&gt;</a>",
  '<a b="&amp;lt; &quot;\'"/>',
  "<a>x <b/> y<![CDATA[<&>]]><!-- c --><?d e?></a>",
  '<a xmlns:x="urn:1"><x:b xmlns:x="urn:1"><x:c xmlns:x="urn:2"/></x:b></a>',
  '<a><b xmlns="urn:1"><c xmlns=""/></b></a>',
])("what is read is printed as it was: %s", (document) => {
  expect(printXml(read(document).root)).toBe(document);
  expect(printXml(indented(read(document).root))).toBe(document);
});

test("any text and any attribute reads back", () => {
  const value = fc.string({ unit: "grapheme" }).filter((one) => !/[\p{Cs}￾￿]|(?![\t\n\r])\p{Cc}/u.test(one));
  fc.assert(
    fc.property(value, value, (content, attribute) => {
      const { root } = read(printXml(element("a", { b: attribute }, [text(content)])));
      expect([root.attributes["b"], textOf(root)]).toEqual([attribute, content]);
    }),
  );
});

test("a namespace is declared where nothing around declares it, and nowhere else", () => {
  const own = { ...element("g"), prefix: "x", namespace: "urn:1" };
  expect(printXml(element("a", {}, [{ ...own, children: [own] }, own]))).toBe(
    '<a><x:g xmlns:x="urn:1"><x:g/></x:g><x:g xmlns:x="urn:1"/></a>',
  );
});

test("what stands around the root gets lines of its own", () => {
  const document = "<!-- a -->\n<?b c?>\n<a/>\n<!-- d -->\n";
  expect(printDocument(read(document))).toBe(document);
});

describe("what is added is indented, and nothing else moves", () => {
  const { root } = read("<a>\n   <b/> <!-- x -->\n   <c>y</c>\n</a>");
  const fresh = element("d", {}, [element("e"), element("f", {}, [text("g")])]);
  const print = (tree: typeof root): string => printXml(indented(tree));

  test("behind all", () => {
    expect(print(appended(root, fresh))).toBe(
      "<a>\n   <b/> <!-- x -->\n   <c>y</c>\n  <d>\n    <e/>\n    <f>g</f>\n  </d>\n</a>",
    );
  });
  test("behind another", () => {
    expect(print(insertedBehind(root, child(root, "b"), element("d")))).toBe(
      "<a>\n   <b/>\n  <d/> <!-- x -->\n   <c>y</c>\n</a>",
    );
  });
  test("in front of all", () => {
    expect(print(insertedBehind(root, null, element("d")))).toBe(
      "<a>\n  <d/>\n   <b/> <!-- x -->\n   <c>y</c>\n</a>",
    );
  });
  test("at its place in an order", () => {
    const order = ["b", "d", "c"];
    expect(childrenOf(withChild(root, "d", order)).map(({ name }) => name)).toEqual(order);
  });
  test("and what is taken away goes with the white space before it", () => {
    expect(print(without(root, ...childrenOf(root)))).toBe("<a> <!-- x -->\n</a>");
  });
});
