import { existsSync } from "node:fs";
import { basename, relative } from "node:path";
import { cached } from "../lab/cache.mjs";

/** Names each file with a failure as soon as it ends, with the command that runs it alone, and all of them once more at the end. */
export default class FailedFile {
  /** @type {string[]} */
  #commands = [];

  /** @param {import("@jest/reporters").Test} test @param {import("@jest/reporters").TestResult} result */
  onTestResult(test, { numFailingTests, testExecError }) {
    if (numFailingTests === 0 && (testExecError ?? undefined) === undefined) return;
    const command = `npm run --silent jest -- ${relative(process.cwd(), test.path)}`;
    this.#commands.push(command);
    process.stderr.write(`FAILED; alone it runs with: ${command}\n`);
    const consoles = cached("hosts", "logs", basename(test.path));
    if (existsSync(consoles)) process.stderr.write(`The consoles of its hosts: ${consoles}\n`);
  }

  onRunComplete() {
    if (this.#commands.length > 0) process.stderr.write(`\nFailed:\n${this.#commands.join("\n")}\n\n`);
  }
}
