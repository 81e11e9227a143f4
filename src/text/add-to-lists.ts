import { applyEdits, type Edit, findNodeAtLocation, type Node } from "jsonc-parser";
import type { Issue } from "../values/issue.ts";

/** Texts for a list of an object, which gets the list if it has none. */
export interface Addition {
  readonly path: Issue["path"];
  readonly key: string;
  readonly texts: readonly string[];
}

/** The end of what may stand between a value and the comma behind it. */
const COMMA = /(?:\s|\/\*[^]*?\*\/|\/\/[^\r\n]*)*,/y;
/** What may stand between a value and the end of its line. */
const TO_LINE_END = /(?:[ \t]|\/\*[^]*?\*\/|\/\/[^\r\n]*)*(?=\r?\n|\r)/y;

const endOf = (pattern: RegExp, text: string, at: number): number | null => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
};

const end = ({ offset, length }: Node): number => offset + length;

/** What a line begins with before something in it, as blanks. */
const indentAt = (text: string, offset: number): string => {
  const start = Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  return text.slice(start, offset).replaceAll(/[^\t]/g, " ");
};

const lineBreakIn = (text: string): string => /\r?\n|\r/.exec(text)?.[0] ?? "\n";

/** Appends to a list as it is laid out: on its line, or on a line for each item. */
const append = (text: string, list: Node, texts: readonly string[]): Edit => {
  const items = list.children ?? [];
  const last = items.at(-1);
  const written = texts.map((one) => JSON.stringify(one));
  if (last === undefined) return { offset: list.offset + 1, length: 0, content: written.join(", ") };
  const before = items.at(-2);
  const gap = text.slice(before === undefined ? list.offset : end(before), last.offset);
  const separator = /[\r\n]/.test(gap) ? `,${lineBreakIn(gap)}${indentAt(text, last.offset)}` : ", ";
  return { offset: end(last), length: 0, content: written.map((one) => `${separator}${one}`).join("") };
};

/** Puts new keys behind another one: on lines of their own if that one ends its line, comments included. */
const insertBehind = (text: string, property: Node, additions: readonly Addition[]): readonly Edit[] => {
  const [, value] = property.children ?? [];
  const blank = /\s/.test(text.slice((property.colonOffset ?? 0) + 1, value?.offset)) ? " " : "";
  const keys = additions.map(({ key, texts }) => {
    const list = texts.map((one) => JSON.stringify(one)).join(`,${blank}`);
    return `${JSON.stringify(key)}:${blank}[${list}]`;
  });
  const behind = end(property);
  const comma = endOf(COMMA, text, behind);
  const lineEnd = endOf(TO_LINE_END, text, comma ?? behind);
  if (lineEnd === null) {
    return [{ offset: behind, length: 0, content: keys.map((key) => `,${blank}${key}`).join("") }];
  }
  const before = `${lineBreakIn(text.slice(lineEnd))}${indentAt(text, property.offset)}`;
  const lines = (keys: readonly string[]): string => keys.map((key) => `${before}${key}`).join("");
  if (comma !== null) return [{ offset: lineEnd, length: 0, content: lines(keys.map((key) => `${key},`)) }];
  const listed = keys.map((key, at) => (at === keys.length - 1 ? key : `${key},`));
  return [
    { offset: behind, length: 0, content: "," },
    { offset: lineEnd, length: 0, content: lines(listed) },
  ];
};

const propertyOf = (object: Node | undefined, key: string): Node | undefined =>
  object?.children?.find(({ children }) => children?.[0]?.value === key);

/**
 * Adds texts to lists of a document; comments, layout and the order of keys stay.
 *
 * @param root of the text
 * @param after keys that a new key follows, the first one that the object has
 */
export const addToLists = (
  text: string,
  root: Node,
  additions: readonly Addition[],
  after: readonly string[],
): string => {
  const edits: Edit[] = [];
  const fresh = new Map<Node, Addition[]>();
  for (const addition of additions) {
    const object = findNodeAtLocation(root, [...addition.path]);
    const list = propertyOf(object, addition.key)?.children?.[1];
    if (list?.type === "array") {
      edits.push(append(text, list, addition.texts));
      continue;
    }
    const property = after.map((key) => propertyOf(object, key)).find((one) => one !== undefined);
    if (property === undefined) throw new Error(`an object has none of the keys ${after.join(", ")}`);
    fresh.set(property, [...(fresh.get(property) ?? []), addition]);
  }
  for (const [property, some] of fresh) edits.push(...insertBehind(text, property, some));
  return applyEdits(text, edits);
};
