/** What a document is made of, in order. Text comes with its entities resolved; comments and instructions are left out. */
export type XmlEvent =
  | { readonly kind: "open"; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "text"; readonly text: string };

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const toText = (raw: string): string =>
  raw.includes("&")
    ? raw.replaceAll(/&(#x[0-9a-fA-F]+|#[0-9]+|\w+);/g, (whole, name: string) => {
        if (name.startsWith("#x")) return String.fromCodePoint(parseInt(name.slice(2), 16));
        return name.startsWith("#") ? String.fromCodePoint(Number(name.slice(1))) : (NAMED[name] ?? whole);
      })
    : raw;

const NAME = "[A-Za-z_][\\w.:-]*";
// One of: comment, CDATA, instruction, end tag, start tag, text. Sticky: nothing between two of them is skipped.
const PIECE = new RegExp(
  `<!--([^]*?)-->|<!\\[CDATA\\[([^]*?)\\]\\]>|<\\?[^]*?\\?>|</(${NAME})\\s*>|` +
    `<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>|([^<]+)`,
  "y",
);
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "g");

const readAttributes = (text: string): Readonly<Record<string, string>> => {
  const attributes: Record<string, string> = {};
  for (const [, name = "", double, single] of text.matchAll(ATTRIBUTE)) {
    attributes[name] = toText(double ?? single ?? "");
  }
  return attributes;
};

/**
 * Takes a document apart. The hook alone reads XML this way: its time is mostly Node's own start, to which a library would add.
 * It is strict where libvirt's output is regular: no document type, no entities but XML's own five and numbers.
 *
 * @returns the pieces, or null at the first place that is no XML
 */
export const scanXml = (text: string): readonly XmlEvent[] | null => {
  const events: XmlEvent[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < text.length) {
    const piece = PIECE.exec(text);
    if (piece === null) return null;
    const [, , cdata, close, open, attributes = "", empty, characters] = piece;
    if (open !== undefined) {
      events.push({ kind: "open", name: open, attributes: readAttributes(attributes) });
      if (empty === "/") events.push({ kind: "close", name: open });
    } else if (close !== undefined) events.push({ kind: "close", name: close });
    else if (cdata !== undefined) events.push({ kind: "text", text: cdata });
    else if (characters !== undefined) events.push({ kind: "text", text: toText(characters) });
  }
  return events;
};
