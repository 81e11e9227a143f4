import { elementsIn, textOf, type XmlElement } from "../../src/xml/tree.ts";

/** What a tree says, however it is written: without prefixes, places, comments, and white space between elements. */
export interface PlainTree {
  readonly name: string;
  readonly namespace: string | null;
  readonly attributes: XmlElement["attributes"];
  readonly text: string;
  readonly children: readonly PlainTree[];
}

/** @param isSkipped whether an element is passed over, with all that is in it */
export const plainTree = (
  element: XmlElement,
  isSkipped: (element: XmlElement) => boolean = () => false,
): PlainTree => {
  const { name, namespace, attributes } = element;
  const inner = elementsIn(element);
  return {
    ...{ name, namespace, attributes },
    text: inner.length === 0 ? textOf(element) : textOf(element).trim(),
    children: inner.filter((one) => !isSkipped(one)).map((one) => plainTree(one, isSkipped)),
  };
};
