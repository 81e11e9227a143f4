import { createRequire } from "node:module";

// By require, because the package's types describe that side of it only.
const { default: TestRunner } = createRequire(import.meta.url)("jest-runner");

/** Jest's own runner, in jest's own process and one test file after the other, whatever the other projects do. */
export default class OneFileAtATime extends TestRunner {
  isSerial = true;
}
