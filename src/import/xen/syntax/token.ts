import type { Position } from "../../../values/issue.ts";

/** What a file is made of. `other` is what neither grammar has. */
export type Token =
  | {
      readonly kind: "name" | "number" | "mark" | "other";
      readonly text: string;
      readonly at: Position;
    }
  | {
      readonly kind: "string";
      /** As written, with its quotes. */
      readonly text: string;
      readonly value: string;
      readonly plain: boolean;
      readonly at: Position;
      /** Where the text begins, behind the quotes. */
      readonly inside: Position;
      /** What is wrong inside the quotes, or null. */
      readonly fault: { readonly at: Position; readonly message: string } | null;
    }
  | { readonly kind: "newline" | "end"; readonly text: string; readonly at: Position };

export const isMark = (token: Token, text: string): boolean => token.kind === "mark" && token.text === text;
