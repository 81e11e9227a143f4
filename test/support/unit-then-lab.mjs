import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { relative } from "node:path";
import { cached } from "../lab/cache.mjs";

/** @typedef {import("@jest/test-result").Test} Test */

// By require, because the package's types describe that side of it only.
const { default: TestRunner } = createRequire(import.meta.url)("jest-runner");

/** A test file of the lab that has such a line runs alone; the rest of the line is the reason. */
const ALONE = /^\/\/ @alone: \S/m;

/** Seconds that each file of the lab took the last time. */
const DURATIONS = cached("durations.json");

/** Seconds, for a file of which that is not known. */
const LONG = 1000;

/**
 * Jest's own runner, in three turns: the unit tests; then the lab's files side by side, one on each processor and the longest
 * first; then those that run alone.
 */
export default class UnitThenLab extends TestRunner {
  /**
   * @param {readonly Test[]} tests
   * @param {import("jest-watcher").TestWatcher} watcher
   * @param {{ readonly serial: boolean }} options
   */
  async runTests(tests, watcher, { serial }) {
    const durations = readDurations();
    /** @param {Test} test */
    const expected = (test) => durations[nameOf(test)] ?? LONG;
    const lab = tests.filter(isLab).sort((a, b) => expected(b) - expected(a));
    const turns = [
      { files: tests.filter((test) => !isLab(test)), serial },
      { files: lab.filter((test) => !isAlone(test)), serial },
      { files: lab.filter(isAlone), serial: true },
    ];
    this.on("test-file-success", (/** @type {[Test, import("@jest/test-result").TestResult]} */ ended) => {
      const [test, { perfStats }] = ended;
      if (isLab(test)) durations[nameOf(test)] = perfStats.runtime / 1000;
    });
    for (const { files, serial } of turns) {
      if (files.length > 0) await super.runTests(files, watcher, { serial });
    }
    if (lab.length === 0) return;
    mkdirSync(cached(), { recursive: true });
    writeFileSync(DURATIONS, `${JSON.stringify(durations, null, 2)}\n`);
  }
}

/** @returns {Record<string, number>} */
const readDurations = () => {
  try {
    return JSON.parse(readFileSync(DURATIONS, "utf8"));
  } catch {
    return {}; // the first run, or one that was stopped while it wrote
  }
};

/** @param {Test} test */
const isLab = ({ context }) => context.config.displayName?.name !== "unit";

/** @param {Test} test */
const isAlone = ({ path }) => ALONE.test(readFileSync(path, "utf8"));

/** @param {Test} test */
const nameOf = ({ path, context }) => relative(context.config.rootDir, path);
