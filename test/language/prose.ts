import ts from "typescript";

/** A piece of text for readers, and the line of the file that it begins in. */
export interface Prose {
  /** Comments have no limit of length; a table row has limits of its own; a heading has a case. */
  readonly kind: "comment" | "message" | "prose" | "heading" | "row";
  readonly text: string;
  readonly line: number;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** Whether a string is a sentence or a part of one, and not a command, a pattern or a list of keys. */
const isSentence = (text: string): boolean =>
  /[a-z]{2,} [a-z]+ [a-z]+/i.test(text) && /\b(the|an?|is|are|not|of|in|to|by|with|for|has)\b/.test(text);

const stringText = (node: ts.Node): string | null => {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => `X${literal.text}`)].join("");
};

/** The sentences in the strings of a TypeScript file, and its comments. */
export const proseOfScript = (text: string): readonly Prose[] => {
  const source = ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true);
  const found: Prose[] = [];
  let code = text;
  const visit = (node: ts.Node): void => {
    const value = stringText(node);
    if (value !== null || ts.isRegularExpressionLiteral(node)) {
      const start = node.getStart();
      // What looks like a comment inside a string is none.
      code =
        code.slice(0, start) + code.slice(start, node.end).replaceAll(/[^\n]/g, " ") + code.slice(node.end);
      if (value !== null && isSentence(value))
        found.push({ kind: "message", text: value, line: lineAt(text, start) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const { 0: comment, index } of code.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm))
    found.push({ kind: "comment", text: comment, line: lineAt(text, index) });
  return found;
};

/** The comments of a shell script. */
export const proseOfShell = (text: string): readonly Prose[] =>
  text
    .split("\n")
    .flatMap((line, index) =>
      /^\s*#(?!!)/.test(line) ? [{ kind: "comment" as const, text: line, line: index + 1 }] : [],
    );

/** The comments of an XML document. */
export const proseOfXml = (text: string): readonly Prose[] =>
  [...text.matchAll(/<!--([\s\S]*?)-->/g)].map(({ 0: comment, index }) => ({
    kind: "comment",
    text: comment,
    line: lineAt(text, index),
  }));

/** The descriptions of a JSON Schema, which editors show. */
export const proseOfSchema = (text: string): readonly Prose[] =>
  [...text.matchAll(/"(?:description|errorMessage)": ("(?:[^"\\]|\\.)*")/g)].map(
    ({ 1: value = '""', index }) => ({
      kind: "message",
      text: JSON.parse(value) as string,
      line: lineAt(text, index),
    }),
  );

/** Code spans, links and addresses count as one word each. */
const plain = (text: string): string =>
  text
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/`[^`]*`/g, "CODE")
    .replaceAll(/\b(https?|ssh):\S+/g, "URL");

/** Headings, rows of tables, and paragraphs of a Markdown page; its examples are no prose. */
export const proseOfMarkdown = (text: string): readonly Prose[] => {
  const found: Prose[] = [];
  let fence: string | null = null;
  let open: Prose | null = null;
  const close = (): void => {
    if (open !== null) found.push({ ...open, text: plain(open.text) });
    open = null;
  };
  for (const [index, line] of text.split("\n").entries()) {
    const mark = /^\s*(```+)/.exec(line)?.[1] ?? null;
    if (fence !== null || mark !== null) {
      close();
      if (fence === null) fence = mark;
      else if (mark !== null && mark.length >= fence.length) fence = null;
    } else if (/^#+ /.test(line)) {
      close();
      found.push({ kind: "heading", text: plain(line.replace(/^#+ (\d+\. )?/, "")), line: index + 1 });
    } else if (line.startsWith("|")) {
      close();
      if (!/^[|\s:-]+$/.test(line)) found.push({ kind: "row", text: line, line: index + 1 });
    } else if (line.trim() === "") close();
    else {
      if (/^\s*([-*]|\d+\.) /.test(line)) close();
      const { text: before = "", line: first = index + 1 }: Partial<Prose> = open ?? {};
      open = { kind: "prose", text: `${before} ${line}`.trim(), line: first };
    }
  }
  close();
  return found;
};
