import type { Cursor } from "./cursor.ts";
import type { Token } from "./token.ts";

/** What to do instead of Python code. */
export const ADVICE =
  "nothing in a file is ever executed: put in the value itself, as `xm create --dryrun FILE` or `virsh dumpxml` print it on the old host";

const VALUE = { xl: "a value: a string in quotes, a number or a list in [ ]", xm: "a literal" } as const;

/** What is wrong with a token where a value must be. */
export const refuse = (cursor: Cursor, token: Token) => {
  if (token.kind === "other" || token.kind === "name") {
    const plain = /^(true|false|yes|no|on|off|none|null)$/i.exec(token.text);
    const quotes = /^[“”‘’„«»]$/.test(token.text) ? " (these quotes are typographic: use ' or \")" : "";
    const number =
      plain === null
        ? ""
        : ` (xl writes ${/^(true|yes|on)$/i.test(token.text) ? "1" : "0"}; for a file of xm's use --syntax xm)`;
    if (cursor.dialect === "xm")
      return cursor.fault(token.at, `this is more than a literal; ${ADVICE}`, token, "xen-python");
    return cursor.fault(token.at, `must be ${VALUE.xl}${quotes}${number}`, token);
  }
  return cursor.fault(token.at, `must be ${VALUE[cursor.dialect]}`, token);
};
