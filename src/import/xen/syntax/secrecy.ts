// Reports are pasted into tickets: what may be a password is named, never shown.

const SECRET = /pas+w|pwd|secret|passphrase/i;

/** Whether a key, or a line of a file, is about a password. */
export const isSecret = (text: string): boolean => SECRET.test(text);

/** A text with the values of all its `…passwd=…` words left out. */
export const withoutSecrets = (text: string): string =>
  text.replaceAll(/([\w.]*(?:pas+w|pwd|secret|passphrase)\w*\s*=\s*)[^,]+/gi, "$1…");
