/** Receives what a command reports to people beside its product, a line each. */
export interface Reporter {
  readonly report: (text: string) => void;
  /** A task for the operator. */
  readonly warn: (text: string) => void;
}

/** Returns a reporter that passes each line on. */
export const reporterTo = (take: (line: string) => void): Reporter => ({
  report: take,
  warn: (text) => {
    take(`warning: ${text}`);
  },
});

/** On standard error, so that standard output has products only. */
export const onStderr = reporterTo((line) => process.stderr.write(`${line}\n`));

export const { report, warn } = onStderr;
