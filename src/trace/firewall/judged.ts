import type { Tri } from "./tri.ts";

/** What a rule does with a packet that it matches. */
export type Action =
  | { readonly kind: "accept" | "drop" | "return" | "continue" }
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  /** The packet goes on, under another address. */
  | { readonly kind: "rewrite"; readonly what: "source" | "destination" }
  /** A verdict that is made elsewhere, such as a queue to a program. */
  | { readonly kind: "elsewhere" };

export const CONTINUE: Action = { kind: "continue" };

/** What a rule makes of a packet: whether it matches, what it does then, and the mark that it sets. */
export interface Judged {
  readonly matches: Tri;
  readonly action: Action;
  /** The new packet mark; null when unknown, undefined when it stays. */
  readonly mark?: number | null;
}
