/** Makes `N passed, N failed, N skipped` the very last line, for machines that read no more than that. */
export default class ClosingLine {
  /** @param {unknown} _contexts @param {import("@jest/reporters").AggregatedResult} results */
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } =
      results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const skipped = numPendingTests + numTodoTests;
    // Jest's own summary comes after all reporters, so this waits for the end of the process.
    process.on("exit", () =>
      process.stdout.write(`\n${numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`),
    );
  }
}
