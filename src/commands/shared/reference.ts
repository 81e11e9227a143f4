/** A row of a list: a term, and what it means. */
export type Row = readonly [term: string, meaning: string];

/** A command as it is typed, and what it does; without a comment where it explains itself. */
export type Example = readonly [command: string, comment?: string];

/** Texts that follow a command's options in its help, and texts for its manual page only. */
export interface Reference {
  readonly examples: Example[];
  /** Lists with their headings: exit codes, settings. */
  readonly lists: { readonly heading: string; readonly rows: readonly Row[] }[];
  /** Words for completion by argument, for open sets of values. */
  readonly suggestions: Map<string, readonly string[]>;
  readonly files: Row[];
  readonly environment: Row[];
  readonly seeAlso: string[];
}

/** Two columns; a left cell without a right one may be as long as it is. */
const columns = (rows: readonly Row[], between: string): readonly string[] => {
  const width = Math.max(0, ...rows.map(([left, right]) => (right === "" ? 0 : left.length)));
  return rows.map(([left, right]) =>
    right === "" ? `  ${left}` : `  ${left.padEnd(width)}${between}${right}`,
  );
};

/** Returns examples as lines: `  command  # comment`, the comments below each other. */
export const exampleLines = (examples: readonly Example[]): readonly string[] =>
  columns(
    examples.map(([command, comment = ""]) => [command, comment]),
    "  # ",
  );

/** Returns the help that follows a command's options. */
export const renderReference = ({ examples, lists }: Reference): string =>
  [
    ...(examples.length === 0 ? [] : [["Examples:", ...exampleLines(examples)]]),
    ...lists.map(({ heading, rows }) => [`${heading}:`, ...columns(rows, "  ")]),
  ]
    .map((lines) => `\n${lines.join("\n")}`)
    .join("\n");
