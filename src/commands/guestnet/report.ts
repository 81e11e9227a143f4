/** Prints progress for people on standard error, so that standard output has products only. */
export const report = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Prints a task for the operator. */
export const warn = (text: string): void => {
  report(`warning: ${text}`);
};
