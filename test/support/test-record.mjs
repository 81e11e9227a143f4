import { basename } from "node:path";
import { execa } from "execa";

/**
 * With GUESTNET_RECORD=true it keeps what the lab and whole hosts have shown in test/record, from which docs/reference/support.md
 * is made.
 */
export default class TestRecord {
  /** @type {import("../record/record.ts").Ended[]} */
  #ended = [];

  /** @param {import("@jest/reporters").Test} test @param {import("@jest/reporters").TestResult} result */
  onTestResult(test, { testResults, testExecError }) {
    const place = {
      project: test.context.config.displayName?.name ?? "",
      file: basename(test.path, ".test.ts"),
    };
    for (const { ancestorTitles, status } of testResults)
      this.#ended.push({
        ...place,
        blocks: ancestorTitles,
        status: status === "pending" ? "skipped" : status,
      });
    if ((testExecError ?? undefined) !== undefined)
      this.#ended.push({ ...place, blocks: [], status: "failed" });
  }

  async onRunComplete() {
    if (process.env["GUESTNET_RECORD"] !== "true") return;
    await execa("npx", ["tsx", "test/record/write.ts"], { input: JSON.stringify(this.#ended) });
  }
}
