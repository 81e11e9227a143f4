/** What was done, for people: on standard error, so that products on standard output stay clean. */
export const report = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** What the operator has to see to. */
export const warn = (text: string): void => {
  report(`warning: ${text}`);
};
