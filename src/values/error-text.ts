/** Returns the message of what was thrown, whatever it is. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Returns the last line that a program printed: of its errors, the one that says why it ended. */
export const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() ?? "";
