/** A piece of HTML in which all text is escaped. */
export interface Markup {
  readonly html: string;
}

type Part = string | number | Markup | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
};

const htmlOf = (part: Part): string => {
  if (typeof part === "string")
    return part.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
  if (typeof part === "number") return String(part);
  return "html" in part ? part.html : part.map(({ html }) => html).join("");
};

/** The tag of a template of HTML: what is put into it is text, unless it is markup already. */
export const markup = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  html: texts.map((text, at) => text + htmlOf(parts[at] ?? "")).join(""),
});

/** Returns a text that is HTML as it stands: a picture, a style or a script of this program. */
export const asMarkup = (html: string): Markup => ({ html });

/** No markup at all. */
export const NOTHING = asMarkup("");
