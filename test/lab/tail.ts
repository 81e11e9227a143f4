/** The end of a text, each line marked as a quotation. */
export interface Tail {
  readonly add: (piece: Buffer | string) => void;
  readonly text: () => string;
}

/** Keeps the last lines of a text that arrives in pieces, for error messages. */
export function createTail(lines: number): Tail {
  let kept = "";
  return {
    add(piece) {
      kept = (kept + piece.toString()).split("\n").slice(-lines).join("\n");
    },
    text: () => kept.trimEnd().replace(/^/gm, "  | "),
  };
}
